import type { Instant } from '../lib/instant.ts'
import type { UserPoolId } from './ids.ts'
import type { TriggerSource } from './trigger-event.ts'
import type { TextMap } from './trigger-output.ts'

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
  /** The function that is to carry it, and what it is told. */
  readonly sender?: CustomSending
  readonly createdAt: Instant
}

/** An event of CustomSMSSender or CustomEmailSender, but for the code, which is encrypted when it is sent. */
export interface CustomSending {
  readonly source: Extract<TriggerSource, `Custom${string}Sender_${string}`>
  readonly username: string
  readonly clientId?: string
  readonly userAttributes: TextMap
  readonly clientMetadata?: TextMap
}
