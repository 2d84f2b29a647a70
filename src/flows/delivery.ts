import { attemptTime, claimTime, nextAttempt } from '../domain/delivery.ts'
import type { Message } from '../domain/message.ts'
import type { Pool } from '../domain/pool.ts'
import type { Medium } from '../domain/template.ts'
import { functionOf, triggerEvent, triggerOf } from '../domain/trigger-event.ts'
import type { App } from '../ports/app.ts'
import { Undeliverable } from '../ports/message-sender.ts'
import type { PendingMessage } from '../ports/messages.ts'
import { logUndelivered } from './pool-logs.ts'

/**
 * The way out of the outbox. A message is claimed, handed over and then forgotten; a node that dies between the last two
 * lets it be handed over once more, and one that dies before, once. What fails is tried again, and at last put aside as a
 * dead letter that somebody can look at and send again.
 */

/** How many messages of a medium are on their way at once: a channel that hangs holds up no more than these. */
const mostAtOnce = 16

/** Hands over what is due. Returns whether there may be more. */
export async function deliverDue(app: App, medium: Medium, patience = attemptTime): Promise<boolean> {
  const now = app.clock.now()
  const claimed = await app.store.messages.claim(medium, now, now + claimTime, mostAtOnce)
  await Promise.all(claimed.map((message) => deliver(app, message, patience)))
  return claimed.length === mostAtOnce
}

async function deliver(app: App, message: PendingMessage, patience: number): Promise<void> {
  const pool = await app.store.pools.find(message.poolId)
  // With its pool a message has lost its meaning.
  if (pool === undefined) return app.store.messages.delivered(message)
  const signal = AbortSignal.timeout(patience)
  try {
    await Promise.race([handOver(app, pool, message, signal), ended(signal)])
  } catch (error) {
    return fail(app, pool, message, error)
  }
  await app.store.messages.delivered(message)
}

/** A channel that does not heed the signal is left to itself. */
function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true })
  })
}

async function handOver(app: App, pool: Pool, message: Message, signal: AbortSignal): Promise<void> {
  if (message.sender !== undefined) return runSender(app, pool, message, message.sender)
  const channel = app.channels[message.medium]
  if (channel === undefined) throw new Undeliverable(`there is no channel for ${message.medium} any more`)
  await channel.send(message, pool, signal)
}

/** Tells the function that carries the pool's messages; the code in the event is encrypted under the pool's key. */
async function runSender(
  app: App,
  pool: Pool,
  { code }: Message,
  { source, userAttributes, clientMetadata, ...about }: NonNullable<Message['sender']>,
): Promise<void> {
  const configured = functionOf(pool.settings.LambdaConfig, triggerOf[source])
  const key = pool.settings.LambdaConfig.KMSKeyID
  if (configured === undefined || key === undefined)
    throw new Undeliverable('the pool has no function to carry it any more')
  const encrypted = code === undefined ? null : await app.kms.encrypt(key, code, { 'userpool-id': pool.id })
  const event = triggerEvent(
    source,
    { poolId: pool.id, ...about },
    {
      userAttributes,
      clientMetadata,
      code: encrypted,
    },
  )
  await app.triggers.run(configured.arn, event)
}

async function fail(app: App, pool: Pool, message: PendingMessage, error: unknown): Promise<void> {
  const failures = message.failures + 1
  const now = app.clock.now()
  const again = error instanceof Undeliverable ? undefined : nextAttempt(failures, now)
  const reason = error instanceof Error ? error.message : String(error)
  const { id, poolId, medium } = message
  app.journal.warn('message not delivered', {
    id,
    poolId,
    medium,
    failures,
    reason,
    givenUp: again === undefined,
  })
  await app.store.messages.postpone(message, {
    failures,
    failure: reason.slice(0, longestReason),
    dueAt: again,
  })
  logUndelivered(app, pool, now, { ...message, reason, failures, next: again })
}

const longestReason = 500
