import { Fault } from '../domain/faults.ts'
import type { Pool } from '../domain/pool.ts'
import type { Draft } from '../domain/template.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import type { Tables } from '../ports/store.ts'
import { stopAtTriggers } from './triggers.ts'

/**
 * Puts a message into the outbox, in the transaction that makes it true: a code that is stored is a code that is on
 * its way, and neither without the other.
 * @throws Fault DeliveryNotConfigured, TriggerUnavailable
 */
export async function post(
  app: App,
  store: Tables,
  pool: Pool,
  draft: Draft,
  to: string,
  code: string | undefined,
  now: Instant,
): Promise<void> {
  mustDeliver(pool, draft.medium)
  const id = messageId(app, now)
  await store.messages.put({
    ...draft,
    id,
    poolId: pool.id,
    to,
    createdAt: now,
    ...(code !== undefined && { code }),
  })
}

/**
 * A pool that has no way to send an SMS sends none, and one whose triggers write or carry messages sends none without them.
 * @throws Fault DeliveryNotConfigured, TriggerUnavailable
 */
export function mustDeliver(pool: Pool, medium: 'SMS' | 'EMAIL'): void {
  stopAtTriggers(pool, 'CustomMessage', medium === 'SMS' ? 'CustomSMSSender' : 'CustomEmailSender')
  if (medium === 'SMS' && pool.settings.SmsConfiguration === undefined)
    throw new Fault('DeliveryNotConfigured')
}

let sequence = 0

/** Ids of one process sort in the order in which they were given out, also within a millisecond. */
function messageId(app: App, now: Instant): string {
  sequence = (sequence + 1) % 1_000_000
  const order = `${now.toString(16).padStart(12, '0')}-${String(sequence).padStart(6, '0')}`
  return `${order}-${Buffer.from(app.random.bytes(6)).toString('hex')}`
}
