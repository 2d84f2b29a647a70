import {
  type ConfirmedDevice,
  type Device,
  isConfirmed,
  readVerifier,
  type SecretVerifier,
  tracksDevices,
} from '../domain/device.ts'
import { Fault } from '../domain/faults.ts'
import { regionOf } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import type { AuthSession, Progress } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import { bytesFrom } from '../lib/bytes.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import type { Parameters, SignIn } from './step.ts'

/** The device that a call presents. @throws Fault InvalidDeviceKey */
export function deviceKeyIn({ DEVICE_KEY: key }: Parameters): { deviceKey?: string } {
  if (key === undefined || key === '') return {}
  if (key.length > 55 || !/^[\w-]+_[0-9a-f-]+$/.test(key)) throw new Fault('InvalidDeviceKey')
  return { deviceKey: key }
}

/** An answer may present the device too; but where a device proves its secret, it is the one that was asked for. */
export function presenting(session: AuthSession, responses: Parameters): AuthSession {
  const { progress, challenge } = session
  if (progress.deviceProven || challenge.startsWith('DEVICE_')) return session
  return { ...session, progress: { ...progress, ...deviceKeyIn(responses) } }
}

/**
 * AWS's clients name their device when they start and again with the claim; told in answer to the claim that it does not
 * exist, they send the claim again without it (amazon-cognito-identity-js, CognitoUser.js). So a device that was forgotten
 * is no device at the start.
 */
export async function withoutForgotten(
  { app, pool }: SignIn,
  user: User | undefined,
  progress: Progress,
): Promise<Progress> {
  const { deviceKey, ...rest } = progress
  if (deviceKey === undefined || user === undefined) return rest
  const device = await app.store.devices.find(pool.id, user.username, deviceKey)
  return device === undefined ? rest : progress
}

/** The device that a sign-in has presented, where the pool tracks devices. @throws Fault DeviceNotFound */
export async function presentedDevice(
  { app, pool }: SignIn,
  user: User,
  { deviceKey }: Progress,
): Promise<Device | undefined> {
  if (deviceKey === undefined || !tracksDevices(pool)) return undefined
  const device = await app.store.devices.find(pool.id, user.username, deviceKey)
  if (device === undefined) throw new Fault('DeviceNotFound')
  return device
}

/** Where a pool tracks devices, a sign-in without a proven one is given a key, to be confirmed with a secret. */
export function newDevice(
  { app, pool, now, source }: SignIn,
  user: User,
  { deviceProven }: Progress,
): Device | undefined {
  if (deviceProven || !tracksDevices(pool)) return undefined
  return {
    poolId: pool.id,
    username: user.username,
    key: `${regionOf(pool.id)}_${app.random.uuid()}`,
    groupKey: `-${Buffer.from(app.random.bytes(6)).toString('base64url').replace(/[-_]/g, 'x')}`,
    remembered: false,
    lastIp: source.address,
    createdAt: now,
    modifiedAt: now,
    authenticatedAt: now,
  }
}

/**
 * Gives a new device its secret. Unless the user is to be asked first, it is remembered from now on.
 * @throws Fault InvalidDeviceKey, DeviceKeyExists, InvalidParameter
 */
export async function confirmDevice(
  app: App,
  pool: Pool,
  user: User,
  request: { readonly key: string; readonly name?: string; readonly secret?: SecretVerifier },
  now: Instant,
): Promise<{ mustAsk: boolean }> {
  const device = await app.store.devices.find(pool.id, user.username, request.key)
  if (device === undefined) throw new Fault('InvalidDeviceKey')
  if (isConfirmed(device)) throw new Fault('DeviceKeyExists')
  const { salt, verifier } = readVerifier(request.secret)
  const mustAsk = pool.settings.DeviceConfiguration?.DeviceOnlyRememberedOnUserPrompt ?? false
  const sealed = app.vault.seal(bytesFrom(verifier), sealContext(device))
  const confirmed = await app.store.devices.confirm({
    ...device,
    ...(request.name !== undefined && { name: request.name }),
    verifier: { salt, sealed },
    remembered: !mustAsk,
    modifiedAt: now,
  })
  if (!confirmed) throw new Fault('DeviceKeyExists')
  return { mustAsk }
}

export const verifierOfDevice = (app: App, device: ConfirmedDevice): Uint8Array =>
  app.vault.open(device.verifier.sealed, sealContext(device))

const sealContext = ({ poolId, username, key }: Device) => `device ${poolId} ${username} ${key}`

/** A device that its user has confirmed. @throws Fault DeviceNotFound */
export async function findDevice(app: App, user: User, key: string): Promise<ConfirmedDevice> {
  const device = await app.store.devices.find(user.poolId, user.username, key)
  if (!isConfirmed(device)) throw new Fault('DeviceNotFound')
  return device
}

/** @throws Fault DeviceNotFound */
export async function setRemembered(
  app: App,
  user: User,
  key: string,
  status: 'remembered' | 'not_remembered' | undefined,
  now: Instant,
): Promise<void> {
  const device = await findDevice(app, user, key)
  const remembered = status === undefined ? device.remembered : status === 'remembered'
  if (!(await app.store.devices.save({ ...device, remembered, modifiedAt: now })))
    throw new Fault('DeviceNotFound')
}

/** Its refresh tokens are worth nothing from then on: they ask for a device that is there. @throws Fault DeviceNotFound */
export async function forgetDevice(app: App, user: User, key: string): Promise<void> {
  await findDevice(app, user, key)
  await app.store.devices.delete(user.poolId, user.username, key)
}
