import { newBell } from '../../lib/bell.ts'
import type { Outbox } from '../../ports/outbox.ts'

/**
 * The delivery of a laptop and of CI: messages stay in the store, where `/_cognate/inbox` shows them. All there is to
 * do is to wake who waits for one.
 */
export function inboxOutbox(): Outbox {
  const { ring, next } = newBell()
  return { kick: ring, next }
}
