import type { Outbox } from '../../ports/outbox.ts'

/**
 * The delivery of a laptop and of CI: messages stay in the store, where `/_cognate/inbox` shows them. All there is to
 * do is to wake who waits for one.
 */
export function inboxOutbox(): Outbox {
  const waiting = new Set<() => void>()
  return {
    kick() {
      for (const wake of waiting) wake()
    },
    next: (milliseconds) =>
      new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer)
          waiting.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, milliseconds).unref()
        waiting.add(wake)
      }),
  }
}
