import type { Instant } from '../lib/instant.ts'
import { hours } from '../lib/instant.ts'
import type { Username, UserPoolId } from './ids.ts'

/** What a code is for. Codes that verify an attribute name it, so that one of each can be under way. */
export type CodePurpose = 'sign-up' | 'reset' | 'verify email' | 'verify phone_number'

/** A code that was sent. Only its digest is kept. */
export interface IssuedCode {
  readonly poolId: UserPoolId
  readonly username: Username
  readonly purpose: CodePurpose
  readonly digest: string
  readonly expiresAt: Instant
  /** For a code that verifies: the value it was sent to, which must still be wanted. */
  readonly value?: string
}

/** Source: developer guide, quotas: one hour for a reset, a day for the others. */
export const codeLifetime: Record<CodePurpose, number> = {
  'sign-up': hours(24),
  reset: hours(1),
  'verify email': hours(24),
  'verify phone_number': hours(24),
}
