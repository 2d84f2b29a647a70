import type { Instant } from '../lib/instant.ts'
import type { UserPoolId } from './ids.ts'

/** A message to a person, as the outbox keeps it until it is delivered. */
export interface Message {
  readonly id: string
  readonly poolId: UserPoolId
  readonly medium: 'SMS' | 'EMAIL'
  readonly to: string
  readonly subject?: string
  readonly body: string
  /** The code or the password in the body, for whoever reads the inbox instead of a phone. */
  readonly code?: string
  readonly createdAt: Instant
}
