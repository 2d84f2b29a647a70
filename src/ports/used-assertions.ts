import type { UserPoolId } from '../domain/ids.ts'
import type { Instant } from '../lib/instant.ts'

/** A SAML assertion that a pool has believed. */
export interface UsedAssertion {
  readonly poolId: UserPoolId
  /** SHA-256 of whose it is and of its id, hexadecimal. */
  readonly digest: string
  /** When it is too old to be believed anyway. */
  readonly expiresAt: Instant
}

export interface UsedAssertions {
  /** Whether it has not been there before: of any number of racing requests one is told so. */
  readonly add: (assertion: UsedAssertion) => Promise<boolean>
  readonly deleteExpired: (before: Instant) => Promise<number>
}
