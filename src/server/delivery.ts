import { deliverDue } from '../flows/delivery.ts'
import { seconds } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'

/** How long until messages of other nodes, and those whose time comes, are looked for. */
const pause = seconds(2)

/**
 * Hands over messages as they come, SMS and mail apart, so that one channel that is slow holds up no other. Returns how to
 * stop it: what is being handed over is waited for.
 */
export function startDelivery(app: App): () => Promise<void> {
  const stopping = new AbortController()
  const lanes = (['SMS', 'EMAIL'] as const).map(async (medium) => {
    while (!stopping.signal.aborted) {
      // Asked for before looking, so that no message comes in between.
      const news = app.outbox.next(pause)
      const more = await deliverDue(app, medium).catch((error) => {
        app.journal.error('delivery failed', { medium, error })
        return false
      })
      if (!more) await news
    }
  })
  return async () => {
    stopping.abort()
    app.outbox.kick()
    await Promise.all(lanes)
  }
}
