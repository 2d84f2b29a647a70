import type { Message } from '../domain/message.ts'
import type { Pool } from '../domain/pool.ts'

/** Carries messages of one medium to people. */
export interface MessageSender {
  /**
   * Resolves once the message is in the hands of whoever delivers it. `signal` ends the attempt.
   * @throws Undeliverable when trying again is useless, any other error when it is not
   */
  readonly send: (message: Message, pool: Pool, signal: AbortSignal) => Promise<void>
  readonly close: () => Promise<void>
}

/** The message will never be taken: an address that is none, an account that may not send. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable'
}
