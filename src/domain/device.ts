import { numberFrom } from '../lib/bytes.ts'
import type { Instant } from '../lib/instant.ts'
import { Fault } from './faults.ts'
import { regionOf, type Username, type UserPoolId } from './ids.ts'
import type { Pool } from './pool.ts'
import { N } from './srp.ts'

/** A device from which a user signs in. It counts from ConfirmDevice on, when it has a verifier. */
export interface Device {
  readonly poolId: UserPoolId
  readonly username: Username
  /** `us-east-1_` and a UUID. */
  readonly key: string
  readonly groupKey: string
  readonly name?: string
  readonly verifier?: {
    /** Hexadecimal. */
    readonly salt: string
    readonly sealed: string
  }
  readonly remembered: boolean
  readonly lastIp?: string
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly authenticatedAt: Instant
}

/** A device that has its secret. */
export type ConfirmedDevice = Device & Required<Pick<Device, 'verifier'>>

export const isConfirmed = (device: Device | undefined): device is ConfirmedDevice =>
  device?.verifier !== undefined

/** Any member of DeviceConfiguration turns tracking on. Source: AWS's comment on the type. */
export const tracksDevices = ({ settings }: Pool): boolean => settings.DeviceConfiguration !== undefined

/** @throws Fault TrackingOff */
export function mustTrackDevices(pool: Pool): void {
  if (!tracksDevices(pool)) throw new Fault('TrackingOff')
}

/** What ConfirmDevice is given to make a device's proof with. */
export interface SecretVerifier {
  readonly PasswordVerifier?: string
  readonly Salt?: string
}

/**
 * The salt and the verifier, read from base64. Every text here is ours.
 * @throws Fault InvalidParameter
 */
export function readVerifier(given: SecretVerifier | undefined): { salt: string; verifier: bigint } {
  const salt = Buffer.from(given?.Salt ?? '', 'base64').toString('hex')
  const verifier = numberFrom(Buffer.from(given?.PasswordVerifier ?? '', 'base64'))
  if (salt === '') throw new Fault('InvalidParameter', 'The device secret verifier has no salt.')
  if (verifier === 0n || verifier >= N)
    throw new Fault('InvalidParameter', 'The password verifier is no number of the SRP group.')
  return { salt, verifier }
}

/**
 * A device as clients see it; what begins with `dev:` is for administrators. Sources: the example of AdminListDevices in
 * AWS's API reference, and a capture of ListDevices in amplify-js.
 */
export function shownDevice(device: Device, accountId: string, to: 'user' | 'administrator') {
  const owner = `${device.username}.${device.poolId}`
  const arn = `arn:aws:cognito-idp:${regionOf(device.poolId)}:${accountId}:owner/${owner}/device/${device.key}`
  const attributes: readonly (readonly [Name: string, Value: string | undefined])[] = [
    ['device_status', 'valid'],
    ['device_name', device.name],
    ['dev:device_arn', arn],
    ['dev:device_owner', owner],
    ['last_ip_used', device.lastIp],
    ['dev:device_remembered_status', device.remembered ? 'remembered' : 'not_remembered'],
    ['dev:device_sdk', 'aws-sdk-unknown-unknown'],
  ]
  return {
    DeviceKey: device.key,
    DeviceAttributes: attributes.flatMap(([Name, Value]) =>
      Value === undefined || (to === 'user' && Name.startsWith('dev:')) ? [] : [{ Name, Value }],
    ),
    DeviceCreateDate: device.createdAt,
    DeviceLastModifiedDate: device.modifiedAt,
    // Whole seconds, in every capture.
    DeviceLastAuthenticatedDate: Math.floor(device.authenticatedAt / 1000) * 1000,
  }
}
