import type { Instant } from '../lib/instant.ts'
import { hours, minutes } from '../lib/instant.ts'
import { Secret } from '../lib/secret.ts'
import type { Attributes } from './attribute.ts'
import { Fault } from './faults.ts'
import type { Username, UserPoolId } from './ids.ts'
import type { Pool, VerifiedAttribute } from './pool.ts'
import { masked } from './template.ts'

/**
 * What a code is for. Codes that verify an attribute name it, so that one of each can be under way. A software token and
 * a passkey are set up with something that is handed out and must come back, as a code is.
 */
export type CodePurpose =
  | 'sign-up'
  | 'reset'
  | 'verify email'
  | 'verify phone_number'
  | 'software token'
  | 'passkey'

/** A code that was sent. Only its digest is kept. */
export interface IssuedCode {
  readonly poolId: UserPoolId
  readonly username: Username
  readonly purpose: CodePurpose
  readonly digest: string
  readonly expiresAt: Instant
  /**
   * For a code that verifies: the value it was sent to, which must still be wanted. For a software token: its key, sealed.
   * For a passkey: the client that began.
   */
  readonly value?: string
}

/**
 * Source: developer guide, quotas: one hour for a reset, a day for the others. A software token has a day too. A passkey
 * has the least that WebAuthn, §15.1, recommends; how long AWS waits is not known.
 */
export const codeLifetime: Record<CodePurpose, number> = {
  'sign-up': hours(24),
  reset: hours(1),
  'verify email': hours(24),
  'verify phone_number': hours(24),
  'software token': hours(24),
  passkey: minutes(5),
}

/** Where a code goes: an attribute, and the value that it has or is to have. */
export interface Address {
  readonly attribute: VerifiedAttribute
  readonly value: string
}

/** What whoever asked for a code is told of its way. */
export interface Delivery {
  readonly attribute: VerifiedAttribute
  readonly medium: 'SMS' | 'EMAIL'
  /** Masked. */
  readonly destination: string
}

export const mediumOf = {
  phone_number: 'SMS',
  email: 'EMAIL',
} as const satisfies Record<VerifiedAttribute, string>

export function deliveryTo({ attribute, value }: Address): Delivery {
  const medium = mediumOf[attribute]
  return { attribute, medium, destination: masked(medium, value) }
}

/** Wherever both can be had, the phone comes before the email. Source: developer guide, "Signing up and confirming". */
export const phoneFirst = ['phone_number', 'email'] as const

/** The address that confirms a sign-up, in a pool that verifies addresses by itself. */
export function addressToConfirm(pool: Pool, attributes: Attributes): Address | undefined {
  const attribute = autoVerified(pool).find((name) => (attributes[name] ?? '') !== '')
  return attribute && { attribute, value: attributes[attribute] ?? '' }
}

/** What a pool verifies by itself, what it tries first in front. */
export function autoVerified(pool: Pool): VerifiedAttribute[] {
  return phoneFirst.filter((name) => pool.settings.AutoVerifiedAttributes?.includes(name))
}

/**
 * The code that was sent, if the digest is of what was given.
 * @throws Fault CodeExpired, CodeMismatch
 */
export function mustBeRight(issued: IssuedCode | undefined, digest: string, at: Instant): IssuedCode {
  if (issued === undefined || at >= issued.expiresAt) throw new Fault('CodeExpired')
  if (!new Secret(issued.digest).matches(digest)) throw new Fault('CodeMismatch')
  return issued
}
