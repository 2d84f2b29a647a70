/** What tests of devices share. */

import assert from 'node:assert/strict'
import {
  type AuthenticationResultType,
  ConfirmDeviceCommand,
  type ConfirmDeviceCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { password } from './fixtures.ts'
import type { TestServer } from './harness.ts'
import { claimOf, newDeviceSecret, newSrp } from './srp-client.ts'
import { type Place, respond, signIn, type Texts, type Tokens, wholeTokens } from './tokens.ts'

export const tracking = { DeviceConfiguration: { ChallengeRequiredOnNewDevice: true } }
export const trackingOnPrompt = {
  DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
}

export interface TestDevice {
  readonly key: string
  readonly groupKey: string
  readonly password: string
}

export function newDeviceIn(result: AuthenticationResultType | undefined): { key: string; groupKey: string } {
  const { DeviceKey, DeviceGroupKey } = result?.NewDeviceMetadata ?? {}
  assert.ok(DeviceKey && DeviceGroupKey)
  return { key: DeviceKey, groupKey: DeviceGroupKey }
}

export const confirmDevice = (
  server: TestServer,
  AccessToken: string,
  DeviceKey: string,
  more: Partial<ConfirmDeviceCommandInput> = {},
) => server.client.send(new ConfirmDeviceCommand({ AccessToken, DeviceKey, ...more }))

/** Signs in on a new device and confirms it. */
export async function confirmedDevice(
  server: TestServer,
  place: Place,
  name: string,
): Promise<{ device: TestDevice; tokens: Tokens; mustAsk: boolean | undefined }> {
  const tokens = wholeTokens((await signIn(server, place, name)).AuthenticationResult)
  const { device, mustAsk } = await confirm(server, tokens)
  return { device, tokens, mustAsk }
}

/** Confirms the device that a sign-in has made known. */
export async function confirm(server: TestServer, { AccessToken, result }: Tokens) {
  const { key, groupKey } = newDeviceIn(result)
  const { password, DeviceSecretVerifierConfig } = newDeviceSecret(groupKey, key)
  const more = { DeviceSecretVerifierConfig, DeviceName: 'test device' }
  const { UserConfirmationNecessary } = await confirmDevice(server, AccessToken, key, more)
  return { device: { key, groupKey, password }, mustAsk: UserConfirmationNecessary }
}

/** Both steps in which a device proves its secret. */
export async function proveDevice(
  server: TestServer,
  place: Place,
  USERNAME: string,
  device: TestDevice,
  Session: string | undefined,
  more: Texts = {},
) {
  const srp = newSrp()
  const base = { USERNAME, DEVICE_KEY: device.key, ...more }
  const asked = await respond(server, place, 'DEVICE_SRP_AUTH', { ...base, SRP_A: srp.A }, Session)
  assert.equal(asked.ChallengeName, 'DEVICE_PASSWORD_VERIFIER')
  const claim = claimOf(srp, asked.ChallengeParameters, device.groupKey, device.key, device.password)
  return respond(server, place, 'DEVICE_PASSWORD_VERIFIER', { ...base, ...claim }, asked.Session)
}

/** Signs in with the password on a confirmed device. */
export async function signInOn(server: TestServer, place: Place, name: string, device: TestDevice) {
  const asked = await signIn(server, place, name, { DEVICE_KEY: device.key, PASSWORD: password })
  assert.equal(asked.ChallengeName, 'DEVICE_SRP_AUTH')
  return proveDevice(server, place, name, device, asked.Session)
}
