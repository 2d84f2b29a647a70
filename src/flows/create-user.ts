import { aliasesOf, hasUsernameAttributes, nameNewUser, signInName } from '../domain/alias.ts'
import { type Attributes, checkAttributes, checkRequired } from '../domain/attribute.ts'
import { stated } from '../domain/attribute-change.ts'
import { Fault } from '../domain/faults.ts'
import { checkPassword, inventPassword } from '../domain/password-policy.ts'
import type { Pool } from '../domain/pool.ts'
import { invitationTemplate, welcomeTemplate } from '../domain/template.ts'
import { isVerified, noMfa, type User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import { Secret } from '../lib/secret.ts'
import type { App, WithinCall } from '../ports/app.ts'
import { AliasTaken, DuplicateKey, type Tables } from '../ports/store.ts'
import { takeAliases } from './aliases.ts'
import { canDeliver, compose, type Letter, mustDeliver, post, type Sending } from './messages.ts'
import { hashPassword } from './passwords.ts'
import { saveUser } from './save-user.ts'
import { runTrigger } from './triggers.ts'

type Medium = 'SMS' | 'EMAIL'

export interface NewUser {
  /** As the administrator wrote it. */
  readonly name: string
  readonly attributes: Attributes
  readonly temporaryPassword: Secret | undefined
  readonly forceAliasCreation: boolean
  readonly invitation: Invitation
  readonly validationData: Attributes | undefined
  /** `ClientMetadata`, for triggers. */
  readonly metadata: Readonly<Record<string, string>> | undefined
}

/** Nothing to be sent, or the media: those asked for, or SMS where nothing was said. */
export type Invitation =
  | { readonly kind: 'suppressed' }
  | { readonly kind: 'send'; readonly media: readonly Medium[]; readonly stated: boolean }

/**
 * Creates a user on an administrator's word: with a temporary password to be changed at the first sign-in, or, where
 * the pool signs in without passwords, with none.
 */
export async function createUser(app: WithinCall, pool: Pool, request: NewUser, now: Instant): Promise<User> {
  const sub = app.random.uuid()
  const { username, attributes } = nameNewUser(pool, request.name, stated(request.attributes), sub)
  checkAttributes(pool.schema, attributes, 'creating')
  checkVerifiedFlags(attributes)
  // An administrator's word is not changed by what the function says; but it may refuse.
  await runTrigger(app, pool, 'PreSignUp_AdminCreateUser', { username }, () => ({
    userAttributes: attributes,
    validationData: request.validationData,
    clientMetadata: request.metadata,
  }))
  if ((await app.store.users.find(pool.id, username)) !== undefined) throw new Fault('UserExists')
  const recipients = recipientsOf(pool, attributes, request.invitation)
  const passwordless = request.temporaryPassword === undefined && canSignInWithout(pool, attributes)
  // Nobody asks a user for the rest who never has to set a password.
  if (passwordless) checkRequired(pool.schema, attributes)
  const password = passwordless ? undefined : temporaryPassword(app, pool, request.temporaryPassword)
  const user: User = {
    poolId: pool.id,
    username,
    sub,
    status: passwordless ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
    enabled: true,
    createdAt: now,
    modifiedAt: now,
    version: 1,
    attributes,
    ...(password && { password: await hashPassword(app, pool.id, username, password, now) }),
    mfa: noMfa,
  }
  const sending = { app, pool, now, metadata: request.metadata }
  const letters = await invitations(sending, user, request.name, password, recipients)
  await app.store.transaction(async (store) => {
    await insert(store, pool, user, request.forceAliasCreation, now)
    for (const letter of letters) await post(sending, store, letter)
  })
  app.about?.(user)
  app.outbox.kick()
  return user
}

/**
 * Sends the invitation again, with a new temporary password.
 * @throws Fault CannotResendInvitation
 */
export async function inviteAgain(
  app: WithinCall,
  pool: Pool,
  user: User,
  request: NewUser,
  now: Instant,
): Promise<User> {
  app.about?.(user)
  if (user.status !== 'FORCE_CHANGE_PASSWORD') throw new Fault('CannotResendInvitation')
  const password = temporaryPassword(app, pool, request.temporaryPassword)
  const recipients = recipientsOf(pool, user.attributes, request.invitation)
  const stored = await hashPassword(app, pool.id, user.username, password, now)
  const sending = { app, pool, now, metadata: request.metadata }
  const letters = await invitations(sending, user, signInName(pool, user), password, recipients)
  const invited = await app.store.transaction(async (store) => {
    const saved = await saveUser(store, pool, user, { ...user, password: stored }, now)
    for (const letter of letters) await post(sending, store, letter)
    return saved
  })
  app.outbox.kick()
  return invited
}

function temporaryPassword(app: App, pool: Pool, given: Secret | undefined): Secret {
  const policy = pool.settings.Policies.PasswordPolicy
  if (given === undefined) return new Secret(inventPassword(policy, app.random.bytes))
  checkPassword(given.reveal(), policy)
  return given
}

/** A pool that signs in by code needs no password from a user who can receive one. */
function canSignInWithout(pool: Pool, attributes: Attributes): boolean {
  const factors = pool.settings.Policies.SignInPolicy.AllowedFirstAuthFactors
  return (
    (factors.includes('EMAIL_OTP') && isVerified(attributes, 'email')) ||
    (factors.includes('SMS_OTP') && isVerified(attributes, 'phone_number'))
  )
}

function checkVerifiedFlags(attributes: Attributes): void {
  for (const name of ['email', 'phone_number'] as const) {
    if (isVerified(attributes, name) && (attributes[name] ?? '') === '') {
      throw new Fault('InvalidParameter', `${name} is required to set ${name}_verified to true.`)
    }
  }
}

interface Recipient {
  readonly medium: Medium
  readonly to: string
}

/**
 * The welcome of somebody who comes along with a password of their own, to whom it can be sent.
 * @throws Fault TriggerFailed, TriggerAnswer, TriggerUnreachable
 */
export function welcomes(
  sending: Sending,
  user: User,
  name: string,
  media: readonly Medium[],
): Promise<Letter[]> {
  const recipients = [...new Set(media)]
    .map((medium) => ({ medium, to: user.attributes[addressOf[medium]] ?? '' }))
    .filter(({ medium, to }) => to !== '' && canDeliver(sending.pool, medium))
  return invitations(sending, user, name, undefined, recipients)
}

const addressOf: Record<Medium, string> = { SMS: 'phone_number', EMAIL: 'email' }

/** The text for email is a live capture (cognito-backup-restore#25); the one for SMS follows it. */
const nowhere: Record<Medium, string> = {
  SMS: 'No phone number provided but desired delivery medium was SMS',
  EMAIL: 'No email provided but desired delivery medium was Email',
}

/** Where the invitation goes. A medium that was asked for needs its address; the standing one is tried. */
function recipientsOf(pool: Pool, attributes: Attributes, invitation: Invitation): Recipient[] {
  if (invitation.kind === 'suppressed') return []
  const recipients: Recipient[] = []
  for (const medium of new Set(invitation.media)) {
    const to = attributes[addressOf[medium]] ?? ''
    if (to !== '') {
      mustDeliver(pool, medium)
      recipients.push({ medium, to })
    } else if (invitation.stated) {
      throw new Fault('InvalidParameter', nowhere[medium])
    }
  }
  return recipients
}

/** One invitation for each recipient. AWS delivers none whose template leaves the password out. */
async function invitations(
  sending: Sending,
  user: User,
  name: string,
  password: Secret | undefined,
  recipients: readonly Recipient[],
): Promise<Letter[]> {
  const code = password?.reveal()
  const template = code === undefined ? welcomeTemplate : invitationTemplate
  const values = { username: name, ...(code !== undefined && { code }) }
  const letters = await Promise.all(
    recipients.map((recipient) =>
      compose(sending, 'AdminCreateUser', user, recipient, template(sending.pool, recipient.medium), values),
    ),
  )
  return letters.filter(({ draft }) => code === undefined || draft.body.includes(code))
}

/** @throws Fault UserExists, UserExistsWithAttribute, AliasExists */
async function insert(store: Tables, pool: Pool, user: User, force: boolean, now: Instant): Promise<void> {
  const aliases = aliasesOf(pool, user)
  if (force && !hasUsernameAttributes(pool.identity))
    await takeAliases(store, pool, aliases, user.username, now)
  try {
    await store.users.create(user, aliases)
  } catch (error) {
    if (error instanceof DuplicateKey) throw new Fault('UserExists')
    if (!(error instanceof AliasTaken)) throw error
    const { kind } = error.alias
    throw hasUsernameAttributes(pool.identity)
      ? new Fault('UserExistsWithAttribute', kind)
      : new Fault('AliasExists', kind)
  }
}
