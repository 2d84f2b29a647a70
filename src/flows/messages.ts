import { Fault } from '../domain/faults.ts'
import type { CustomSending } from '../domain/message.ts'
import type { Pool } from '../domain/pool.ts'
import { type Draft, fill, hasLink, type Medium, type Template, type Values } from '../domain/template.ts'
import { eventAttributes, functionOf } from '../domain/trigger-event.ts'
import type { User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import type { Tables } from '../ports/store.ts'
import { type Metadata, runTrigger } from './triggers.ts'

/** A call that sends a message, as far as CustomMessage is told of it. */
export interface Sending {
  readonly app: App
  readonly pool: Pool
  readonly now: Instant
  /** Absent where an administrator acts without one. */
  readonly client?: { readonly id: string }
  readonly metadata?: Metadata
}

/** Why a message is sent. */
export type Reason =
  | 'SignUp'
  | 'AdminCreateUser'
  | 'ResendCode'
  | 'ForgotPassword'
  | 'UpdateUserAttribute'
  | 'VerifyUserAttribute'
  | 'Authentication'

/** A message that is ready to be stored. */
export interface Letter {
  readonly draft: Draft
  readonly to: string
  readonly code?: string
  readonly sender?: CustomSending
}

/**
 * Writes a message: with the template, or in the words of the pool's CustomMessage function.
 * @throws Fault DeliveryNotConfigured, TriggerFailed, TriggerAnswer, TriggerUnreachable
 */
export async function compose(
  sending: Sending,
  reason: Reason,
  user: User,
  { medium, to }: { readonly medium: Medium; readonly to: string },
  template: Template,
  values: Values,
): Promise<Letter> {
  const { pool } = sending
  const common = { to, ...(values.code !== undefined && { code: values.code }) }
  if (senderOf(pool, medium) !== undefined) {
    const sender = sendingOf(sending, reason, user, medium)
    return { ...common, draft: fill(medium, template, values), sender }
  }
  mustDeliver(pool, medium)
  return {
    ...common,
    draft: fill(medium, await custom(sending, reason, user, medium, template, values), values),
  }
}

/** What a function that carries a message is told, but for the code. */
const sendingOf = (
  { pool, client, metadata }: Sending,
  reason: Reason | 'AccountTakeOverNotification',
  user: User,
  medium: Medium,
): CustomSending => ({
  source:
    medium === 'SMS' && reason !== 'AccountTakeOverNotification'
      ? `CustomSMSSender_${reason}`
      : `CustomEmailSender_${reason}`,
  username: user.username,
  ...(client && { clientId: client.id }),
  userAttributes: eventAttributes(pool, user),
  ...(metadata && { clientMetadata: metadata }),
})

/** The function that carries a pool's messages, in place of everything that would otherwise write and deliver them. */
function senderOf(pool: Pool, medium: Medium): 'CustomSMSSender' | 'CustomEmailSender' | undefined {
  const trigger = medium === 'SMS' ? 'CustomSMSSender' : 'CustomEmailSender'
  return functionOf(pool.settings.LambdaConfig, trigger) && trigger
}

/** @throws Fault TriggerFailed, TriggerAnswer, TriggerUnreachable */
async function custom(
  { app, pool, client, metadata }: Sending,
  reason: Reason,
  user: User,
  medium: Medium,
  template: Template,
  { code }: Values,
): Promise<Template> {
  const about = { username: user.username, ...(client && { clientId: client.id }) }
  const answer = await runTrigger(app, pool, `CustomMessage_${reason}`, about, () => ({
    userAttributes: eventAttributes(pool, user),
    clientMetadata: metadata,
  }))
  if (answer === undefined) return template
  const marks = [
    ...(code === undefined || hasLink(template) ? [] : ['{####}']),
    ...(reason === 'AdminCreateUser' ? ['{username}'] : []),
  ]
  const { smsMessage, emailMessage, emailSubject } = answer
  if (medium === 'SMS') {
    if (smsMessage === undefined) return template
    return checked({ body: smsMessage }, longest.sms, marks)
  }
  if (emailMessage === undefined && emailSubject === undefined) return template
  // Mail in the words of a function goes out through an identity of one's own, or not at all: documented since 2023.
  if (pool.settings.EmailConfiguration?.EmailSendingAccount !== 'DEVELOPER') throw unusable()
  if (emailMessage !== undefined && hasLink(template) && !hasLink({ body: emailMessage })) throw unusable()
  const subject = emailSubject ?? template.subject
  if (subject !== undefined && subject.length > longest.subject) throw unusable()
  return checked(
    { body: emailMessage ?? template.body, ...(subject !== undefined && { subject }) },
    longest.email,
    marks,
  )
}

/** In characters. Source: developer guide, "Quotas in Amazon Cognito". */
const longest = { sms: 140, email: 20_000, subject: 140 }

function checked(template: Template, most: number, marks: readonly string[]): Template {
  if (template.body.length > most || !marks.every((mark) => template.body.includes(mark))) throw unusable()
  return template
}

const unusable = () => new Fault('TriggerAnswer', 'Unrecognizable lambda output')

/**
 * Puts a message into the outbox, in the transaction that makes it true: a code that is stored is a code that is on
 * its way, and neither without the other.
 */
export async function post(
  { app, pool, now }: Sending,
  store: Tables,
  { draft, ...letter }: Letter,
): Promise<void> {
  const message = { ...draft, ...letter, id: messageId(app, now), poolId: pool.id, createdAt: now }
  const goesOut = letter.sender !== undefined || app.channels[draft.medium] !== undefined
  await store.messages.put(message, goesOut ? now : undefined)
}

/** A notice has no code in it, and CustomMessage no say in it; who carries the pool's mail carries it, too. */
export async function postNotice(
  sending: Sending,
  store: Tables,
  user: User,
  draft: Draft,
  to: string,
): Promise<void> {
  const carried = senderOf(sending.pool, draft.medium) !== undefined
  const sender = carried ? sendingOf(sending, 'AccountTakeOverNotification', user, draft.medium) : undefined
  await post(sending, store, { draft, to, ...(sender && { sender }) })
}

/**
 * A pool that has no way to send an SMS sends none.
 * @throws Fault DeliveryNotConfigured
 */
export function mustDeliver(pool: Pool, medium: Medium): void {
  if (!canDeliver(pool, medium)) throw new Fault('DeliveryNotConfigured')
}

export function canDeliver(pool: Pool, medium: Medium): boolean {
  return (
    medium === 'EMAIL' || pool.settings.SmsConfiguration !== undefined || senderOf(pool, medium) !== undefined
  )
}

let sequence = 0

/** Ids of one process sort in the order in which they were given out, also within a millisecond. */
function messageId(app: App, now: Instant): string {
  sequence = (sequence + 1) % 1_000_000
  const order = `${now.toString(16).padStart(12, '0')}-${String(sequence).padStart(6, '0')}`
  return `${order}-${Buffer.from(app.random.bytes(6)).toString('hex')}`
}
