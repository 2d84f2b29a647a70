import type { Json } from '../lib/json.ts'
import type { Challenge } from './challenge.ts'
import type { FaultCode } from './faults.ts'
import type { Principal } from './principal.ts'
import type { SignInFlow } from './session.ts'

/**
 * What the audit trail is told: who did what, from where, and what came of it. No secret is in it, no name of a user and
 * none of their attributes: a user is their `sub`.
 */
export type TrailEvent = OperationEvent | SignInEvent

/** A call of an operation, whatever came of it. */
export interface OperationEvent extends Happening {
  readonly kind: 'operation'
  readonly requestId: string
  readonly operation: string
  /** It looks at things and changes none. */
  readonly readOnly: boolean
  /** What was asked, without what must not be seen; nothing where the request could not be read. */
  readonly request: Json
  /** What a change came to, without what must not be seen; nothing of what only looked. */
  readonly response: Json
  /** As the caller was told, but for words that may name somebody. */
  readonly error?: { readonly type: string; readonly message: string }
}

/** One call of a sign-in. All calls of a sign-in have the same `signInId`, which is the `event_id` of its tokens. */
export interface SignInEvent extends Happening {
  readonly kind: 'sign-in'
  /** The operation that the call came by, if it came by one. */
  readonly requestId?: string
  readonly operation?: string
  /** Neither is known of a call that was refused before it was clear whose sign-in it is. */
  readonly signInId?: string
  readonly flow?: SignInFlow
  /** The identity provider that said who it is. */
  readonly provider?: string
  /** The challenge that the call has answered, right or wrong. */
  readonly answered?: Challenge
  /** The challenge that follows. */
  readonly asked?: Challenge
  readonly result: 'Pass' | 'Fail' | 'InProgress'
  readonly fault?: FaultCode
}

/** What every event has. */
interface Happening {
  readonly id: string
  /** ISO 8601. */
  readonly time: string
  readonly accountId: string
  readonly region: string
  readonly source: { readonly address: string; readonly userAgent?: string }
  readonly who: Who
  /** Where it happened and to whom, as far as that was clear when the call ended. */
  readonly poolId?: string
  readonly clientId?: string
  readonly sub?: string
}

/** Whoever called, as far as they have proven it: an app client is only named, by anybody. */
export type Who =
  | {
      readonly kind: 'principal'
      readonly type: Principal['type']
      readonly arn: string
      readonly userId: string
      readonly username?: string
      readonly accessKeyId?: string
    }
  | { readonly kind: 'user'; readonly sub: string }
  | { readonly kind: 'client'; readonly clientId: string }
  | { readonly kind: 'nobody' }

/** In the place of what must not be seen: AWS's own words. Source: developer guide, "Example Amazon Cognito events". */
export const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS'

/** A principal in an event. */
export const whoIs = (
  { type, arn, userId, username }: Principal,
  accessKeyId: string | undefined,
): Who & { kind: 'principal' } => ({
  kind: 'principal',
  type,
  arn,
  // While IAM is off both ids are whatever the caller says.
  userId: clipped(userId),
  ...(username !== undefined && { username }),
  ...(accessKeyId !== undefined && { accessKeyId: clipped(accessKeyId) }),
})

/** Longer texts of others are cut. Source: CloudTrail user guide, "CloudTrail record contents". */
export const clipped = (text: string): string => (text.length > longest ? text.slice(0, longest) : text)
const longest = 1024

/** Where a call comes from, in an event. */
export const whereFrom = ({ address, userAgent }: { address: string; userAgent: string | undefined }) => ({
  address,
  ...(userAgent !== undefined && { userAgent: clipped(userAgent) }),
})
