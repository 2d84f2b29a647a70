import type { Instant } from '../lib/instant.ts'
import type { Challenge } from './challenge.ts'
import { Fault } from './faults.ts'
import type { ClientId, Username, UserPoolId } from './ids.ts'
import type { Factor } from './user.ts'

/**
 * A sign-in that is under way: the state behind the `Session` string. It is found by the digest of that string, bound
 * to its client and user, and taken once by the answer that is right.
 */
export interface AuthSession {
  readonly poolId: UserPoolId
  /** SHA-256 of the session string, hexadecimal: who reads the store cannot answer a challenge with it. */
  readonly digest: string
  readonly clientId: ClientId
  readonly username: Username
  /** What it waits for. A session that signed its user in is kept as `DONE`, to tell a second answer so. */
  readonly challenge: Challenge | 'DONE'
  readonly expiresAt: Instant
  readonly startedAt: Instant
  /** SHA-256 of the code that was sent, with the session's digest as salt. */
  readonly codeDigest?: string
  /** What SELECT_MFA_TYPE or MFA_SETUP offered. */
  readonly offered?: readonly Factor[]
  readonly attempts: number
}

/**
 * A signed-in session: the family of tokens that goes back to one authentication. Revoking the family revokes its
 * refresh token, and every access and ID token with its `origin_jti`.
 */
export interface TokenSession {
  readonly poolId: UserPoolId
  /** `origin_jti` of the family's tokens. */
  readonly id: string
  readonly clientId: ClientId
  readonly username: Username
  readonly authTime: Instant
  readonly expiresAt: Instant
  readonly revokedAt?: Instant
  /** SHA-256 of the refresh token, hexadecimal. */
  readonly refreshDigest: string
  readonly scopes: readonly string[]
}

/** @throws Fault RefreshTokenRevoked, RefreshTokenExpired */
export function mustBeRefreshable(session: TokenSession, at: Instant): void {
  if (session.revokedAt !== undefined) throw new Fault('RefreshTokenRevoked')
  if (at >= session.expiresAt) throw new Fault('RefreshTokenExpired')
}
