import type { UserPoolId } from '../domain/ids.ts'
import type { Message } from '../domain/message.ts'
import type { Instant } from '../lib/instant.ts'

/** A message that is on its way out. */
export interface PendingMessage extends Message {
  readonly failures: number
  /** Why it failed last. */
  readonly failure?: string
}

export interface Messages {
  /** `dueAt` is when it is to be handed over; one without waits for somebody who reads the inbox. */
  readonly put: (message: Message, dueAt?: Instant) => Promise<void>
  /** Those that are due, the oldest first; nobody else is given them until the moment named. */
  readonly claim: (
    medium: Message['medium'],
    now: Instant,
    until: Instant,
    limit: number,
  ) => Promise<PendingMessage[]>
  /** It is out, and kept no longer. */
  readonly delivered: (message: Message) => Promise<void>
  readonly postpone: (
    message: Message,
    outcome: { readonly failures: number; readonly failure: string; readonly dueAt: Instant | undefined },
  ) => Promise<void>
  /** Those that were given up, the newest first. */
  readonly dead: (limit: number) => Promise<PendingMessage[]>
  /** Gives one that was given up another chance; false when there is none of that id. */
  readonly revive: (poolId: UserPoolId, id: string, now: Instant) => Promise<boolean>
  /** Newest first. */
  readonly list: (filter: { poolId?: string; to?: string; limit: number }) => Promise<Message[]>
  readonly clear: (filter: { poolId?: string; to?: string }) => Promise<number>
  readonly deleteOlder: (before: Instant) => Promise<number>
}
