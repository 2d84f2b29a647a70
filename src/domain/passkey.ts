import type { Instant } from '../lib/instant.ts'
import type { Username, UserPoolId } from './ids.ts'

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
  readonly backedUp: boolean
  readonly createdAt: Instant
}

/** Whether a page of this origin may use credentials of this relying party: its own host or one below it, over HTTPS. */
export function servesOrigin(relyingPartyId: string, origin: string): boolean {
  const url = URL.parse(origin)
  if (url === null) return false
  const { hostname, protocol } = url
  const below = hostname === relyingPartyId || hostname.endsWith(`.${relyingPartyId}`)
  return below && (protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost'))
}
