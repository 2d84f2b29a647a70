import type { Instant } from '../lib/instant.ts'
import { Fault } from './faults.ts'
import type { Username, UserPoolId } from './ids.ts'
import type { Pool } from './pool.ts'

/** A WebAuthn credential of a user. */
export interface Passkey {
  readonly poolId: UserPoolId
  readonly username: Username
  /** Credential id, base64url. */
  readonly id: string
  /** COSE public key, base64url. */
  readonly publicKey: string
  readonly counter: number
  readonly transports: readonly string[]
  readonly relyingPartyId: string
  readonly name: string
  readonly attachment?: string
  /** Its platform may copy it to the user's other devices. */
  readonly multiDevice: boolean
  readonly createdAt: Instant
}

/** ES256 and RS256. Source: developer guide, "Passwordless sign-in with WebAuthn passkeys". */
export const passkeyAlgorithms: readonly number[] = [-7, -257]

/** @throws Fault PasskeysOff */
export function mustAllowPasskeys(pool: Pool): void {
  if (!pool.settings.Policies.SignInPolicy.AllowedFirstAuthFactors.includes('WEB_AUTHN'))
    throw new Fault('PasskeysOff')
}

/** For whom passkeys are made. @throws Fault PasskeysNotConfigured */
export function relyingPartyOf(pool: Pool): string {
  const id = pool.mfa.webAuthn?.RelyingPartyId
  if (id === undefined) throw new Fault('PasskeysNotConfigured')
  return id
}

/** Whether a pool takes a passkey with user verification for two factors. */
export const passkeysCountAsMfa = (pool: Pool): boolean =>
  pool.mfa.webAuthn?.FactorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION'

/** Whether whoever uses a passkey must have shown who they are: with a fingerprint, a face or a PIN. */
export function userVerification(pool: Pool): 'required' | 'preferred' {
  return passkeysCountAsMfa(pool) ? 'required' : (pool.mfa.webAuthn?.UserVerification ?? 'preferred')
}

/** Whether a text can be the id of a credential at all. */
export const isCredentialId = (text: unknown): text is string =>
  typeof text === 'string' && /^[\w-]{1,1364}$/.test(text)

/** Whether a page of this origin may use credentials of this relying party: its own host or one below it, over HTTPS. */
export function servesOrigin(relyingPartyId: string, origin: string): boolean {
  const url = URL.parse(origin)
  if (url === null) return false
  const { hostname, protocol } = url
  const below = hostname === relyingPartyId || hostname.endsWith(`.${relyingPartyId}`)
  return below && (protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost'))
}

/**
 * What a passkey is called: by who keeps it, which its AAGUID tells, or else by its kind, as the example of
 * ListWebAuthnCredentials in AWS's API reference has it. The ids are those that the keepers publish.
 */
export function passkeyName(aaguid: string, attachment: string | undefined): string {
  return keepers[aaguid] ?? (attachment === undefined ? undefined : kinds[attachment]) ?? 'Passkey'
}

const kinds: Readonly<Record<string, string>> = {
  platform: 'Platform passkey',
  'cross-platform': 'Roaming passkey',
}

const keepers: Readonly<Record<string, string>> = {
  'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4': 'Google Password Manager',
  'fbfc3007-154e-4ecc-8c0b-6e020557d7bd': 'iCloud Keychain',
  'dd4ec289-e01d-41c9-bb89-70fa845d4bf2': 'iCloud Keychain (Managed)',
  'adce0002-35bc-c60a-648b-0b25f1f05503': 'Chrome on Mac',
  '08987058-cadc-4b81-b6e1-30de50dcbe96': 'Windows Hello',
  '9ddd1817-af5a-4672-a2b9-3e3dd95000a9': 'Windows Hello',
  '6028b017-b1d4-4c02-b4b3-afcdafc96bb2': 'Windows Hello',
  '53414d53-554e-4700-0000-000000000000': 'Samsung Pass',
  'bada5566-a7aa-401f-bd96-45619a55120d': '1Password',
  'd548826e-79b4-db40-a3d8-11116f7e8349': 'Bitwarden',
  '531126d6-e717-415c-9320-3d9aa6981239': 'Dashlane',
  '0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6': 'Keeper',
  'b84e4048-15dc-4dd0-8640-f4f60813c8af': 'NordPass',
  'fdb141b2-5d84-443e-8a35-4698c205a502': 'KeePassXC',
}
