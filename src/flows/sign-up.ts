import { aliasesOf, hasUsernameAttributes, nameNewUser } from '../domain/alias.ts'
import { type Attributes, checkAttributes, checkRequired } from '../domain/attribute.ts'
import { mustBeWritable, mustNotPreferUsername, stated } from '../domain/attribute-change.ts'
import { hidesUsers } from '../domain/client.ts'
import { addressToConfirm, autoVerified, type Delivery, deliveryTo, type IssuedCode } from '../domain/code.ts'
import { Fault } from '../domain/faults.ts'
import { firstFactors } from '../domain/first-factors.ts'
import { checkPassword } from '../domain/password-policy.ts'
import type { Pool, VerifiedAttribute } from '../domain/pool.ts'
import type { EventRisk } from '../domain/risk.ts'
import type { AnswerOf } from '../domain/trigger-event.ts'
import { noMfa, type User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import type { Secret } from '../lib/secret.ts'
import { AliasTaken, DuplicateKey, type Tables } from '../ports/store.ts'
import { takeAliases } from './aliases.ts'
import { recordAlong, recordCall } from './auth-events.ts'
import { checkCode, newCode, pretendCode, pretendedDelivery, sendCode, takeCode } from './codes.ts'
import { type ClientCall, mustProveClient, type Named, namedUser } from './named-user.ts'
import { hashPassword } from './passwords.ts'
import { countAttempt, countedAs } from './quota.ts'
import { mustBeSafe, mustNotBeBlocked } from './risk.ts'
import { saveUser } from './save-user.ts'
import { findSignUpSession, newSignUpSession } from './sign-up-session.ts'
import { postConfirmation, runTrigger } from './triggers.ts'

/** How people make their own accounts: they sign up, and confirm it with a code from an address of theirs. */

export interface SignUpRequest extends Named {
  readonly password: Secret | undefined
  readonly attributes: Attributes
  readonly validationData: Attributes | undefined
}

export interface SignedUp {
  readonly user: User
  /** Where the code to confirm with went. */
  readonly delivery: Delivery | undefined
  readonly session: Secret | undefined
}

export async function signUp(call: ClientCall, request: SignUpRequest): Promise<SignedUp> {
  const { app, pool, client, metadata, now } = call
  mustProveClient(call, request)
  await mustNotBeBlocked(call)
  if (pool.settings.AdminCreateUserConfig.AllowAdminCreateUserOnly) throw new Fault('SignUpNotPermitted')
  const given = stated(request.attributes)
  mustBeWritable(pool, client, Object.keys(given))
  mustNotPreferUsername(pool, given)
  const sub = app.random.uuid()
  const { username, attributes } = nameNewUser(pool, request.name, given, sub)
  checkAttributes(pool.schema, attributes, 'creating')
  checkRequired(pool.schema, attributes)
  const { password } = request
  let risk: EventRisk | undefined
  if (password === undefined) mustSignInByCode(pool, attributes)
  else {
    checkPassword(password.reveal(), pool.settings.Policies.PasswordPolicy)
    const assessed = (found: EventRisk) => {
      risk = found
    }
    await mustBeSafe({ ...call, assessed }, 'SIGN_UP', password)
  }
  const about = { username, clientId: client.id }
  const wish = await runTrigger(app, pool, 'PreSignUp_SignUp', about, () => ({
    userAttributes: attributes,
    validationData: request.validationData,
    clientMetadata: metadata,
  }))
  const confirmed = wish?.autoConfirmUser ?? false
  const address = confirmed ? undefined : addressToConfirm(pool, attributes)
  // Nobody writes to somebody who is not to be; of two who race for the name, the store decides.
  if ((await app.store.users.find(pool.id, username)) !== undefined) throw new Fault('UsernameTaken')
  const user: User = {
    poolId: pool.id,
    username,
    sub,
    status: confirmed ? 'CONFIRMED' : 'UNCONFIRMED',
    enabled: true,
    createdAt: now,
    modifiedAt: now,
    version: 1,
    attributes: { ...attributes, ...flagsFor(attributes, wish) },
    ...(password && { password: await hashPassword(app, pool.id, username, password, now) }),
    mfa: noMfa,
  }
  const code = address && (await newCode(call, user, 'sign-up', 'SignUp', address))
  const session = confirmed ? undefined : newSignUpSession(call, user, request.name, 'SIGN_UP', [])
  const tell = await app.store.transaction(async (store) => {
    await insert(store, pool, user, now)
    if (code !== undefined) await sendCode(call, store, code)
    if (session !== undefined) await store.authSessions.put(session.row)
    return recordAlong(store, call, user, 'SignUp', risk)
  })
  tell()
  app.about?.(user)
  if (code !== undefined) app.outbox.kick()
  if (confirmed)
    await postConfirmation(app, pool, user, 'PostConfirmation_ConfirmSignUp', {
      clientId: client.id,
      metadata,
    })
  return { user, delivery: address && deliveryTo(address), session: session?.text }
}

/**
 * Addresses of people who sign themselves up are not theirs before they show it, unless the pool's function vouches for them.
 * @throws Fault TriggerAnswer for an address that is vouched for and not there
 */
export function flagsFor(attributes: Attributes, wish: AnswerOf<'PreSignUp_SignUp'> | undefined): Attributes {
  const vouched = { email: wish?.autoVerifyEmail ?? false, phone_number: wish?.autoVerifyPhone ?? false }
  const flags: Record<string, string> = {}
  for (const name of ['email', 'phone_number'] as const) {
    if (attributes[name] !== undefined) flags[`${name}_verified`] = String(vouched[name])
    else if (vouched[name]) throw new Fault('TriggerAnswer', 'Unrecognizable lambda output')
  }
  return flags
}

/**
 * Nobody needs a password who can sign in with a code. The text is that of the years in which everybody did.
 * @throws Fault ValidationFailed
 */
function mustSignInByCode(pool: Pool, attributes: Attributes): void {
  const factors = pool.settings.Policies.SignInPolicy.AllowedFirstAuthFactors
  const byEmail = factors.includes('EMAIL_OTP') && attributes.email !== undefined
  const bySms = factors.includes('SMS_OTP') && attributes.phone_number !== undefined
  if (byEmail || bySms) return
  throw new Fault('ValidationFailed', [
    "Value at 'password' failed to satisfy constraint: Member must not be null",
  ])
}

/** @throws Fault UsernameTaken, UserExistsWithAttribute */
async function insert(store: Tables, pool: Pool, user: User, now: Instant): Promise<void> {
  const aliases = aliasesOf(pool, user)
  // Whoever is confirmed at once takes the addresses that the pool's function vouches for.
  if (user.status === 'CONFIRMED' && !hasUsernameAttributes(pool.identity))
    await takeAliases(store, pool, aliases, user.username, now)
  try {
    await store.users.create(user, aliases)
  } catch (error) {
    if (error instanceof DuplicateKey) throw new Fault('UsernameTaken')
    // Somebody unconfirmed holds no alias but the attribute that is the username.
    if (error instanceof AliasTaken) throw new Fault('UserExistsWithAttribute', error.alias.kind)
    throw error
  }
}

export interface ConfirmRequest extends Named {
  readonly code: string
  readonly forceAliasCreation: boolean
  /** What SignUp handed out. */
  readonly session: string | undefined
}

/** Confirms a sign-up, and verifies the address that the code went to. Returns the session to sign in with. */
export async function confirmSignUp(call: ClientCall, request: ConfirmRequest): Promise<Secret | undefined> {
  mustProveClient(call, request)
  return confirm(call, request)
}

/** The same by the link in a mail: whoever has it was sent the code, and needs no secret of the client's. */
export async function confirmByLink(call: ClientCall, name: string, code: string): Promise<void> {
  await confirm(call, { name, code, forceAliasCreation: false, session: undefined })
}

async function confirm(
  call: ClientCall,
  request: Omit<ConfirmRequest, 'secretHash'>,
): Promise<Secret | undefined> {
  const { app, pool, client, metadata, now } = call
  await mustNotBeBlocked(call)
  const user = await namedUser(call, request.name)
  const username = countedAs(pool, request.name, user)
  await countAttempt(app, pool, 'ConfirmSignUp', username, now)
  if (user !== undefined && user.status !== 'UNCONFIRMED') throw new Fault('CannotConfirm', user.status)
  const session =
    request.session === undefined ? undefined : await findSignUpSession(call, request.session, 'SIGN_UP')
  if (session !== undefined && session.username !== username) throw new Fault('InvalidSession')
  const code = await checkCode(app, { poolId: pool.id, username }, 'sign-up', request.code, now)
  if (user === undefined) throw new Fault('CodeMismatch')
  const attribute = confirmedBy(user, code)
  const confirmed: User = {
    ...user,
    status: 'CONFIRMED',
    attributes: { ...user.attributes, ...(attribute && { [`${attribute}_verified`]: 'true' }) },
  }
  const methods = [attribute === 'phone_number' ? 'sms' : 'email_otp'] as const
  const goesOn = session !== undefined || signsInByCode(pool, confirmed, attribute)
  const next = goesOn ? newSignUpSession(call, confirmed, request.name, 'SIGNED_UP', methods) : undefined
  await app.store.transaction(async (store) => {
    await takeCode(store, code)
    if (request.forceAliasCreation)
      await takeAliases(store, pool, aliasesOf(pool, confirmed), user.username, now)
    await saveUser(store, pool, user, confirmed, now)
    if (session !== undefined) await store.authSessions.take(pool.id, session.digest)
    if (next !== undefined) await store.authSessions.put(next.row)
  })
  await postConfirmation(app, pool, confirmed, 'PostConfirmation_ConfirmSignUp', {
    clientId: client.id,
    metadata,
  })
  return next?.text
}

/**
 * Whether a code to this address is a whole sign-in. Then its user may go on to sign in without SignUp's session, which
 * AWS's client does not bring along (aws-amplify 6, confirmSignUp.ts and autoSignIn.ts): nothing is given away by it.
 */
function signsInByCode(pool: Pool, user: User, attribute: VerifiedAttribute | undefined): boolean {
  const factor = attribute && ({ email: 'EMAIL_OTP', phone_number: 'SMS_OTP' } as const)[attribute]
  return factor !== undefined && firstFactors({ pool, user, passkeys: 0 }).includes(factor)
}

/** The address that a code proves, if the user has it still. */
function confirmedBy({ attributes }: User, { value }: IssuedCode): VerifiedAttribute | undefined {
  return (['phone_number', 'email'] as const).find((name) => attributes[name] === value)
}

/** Sends a new code to whoever has not confirmed a sign-up; the one before no longer works. */
export async function resendCode(call: ClientCall, named: Named): Promise<Delivery> {
  mustProveClient(call, named)
  return recordCall(call, 'ResendCode', named.name, (call) => sendAnotherCode(call, named))
}

async function sendAnotherCode(call: ClientCall, named: Named): Promise<Delivery> {
  const { app, pool, client, now } = call
  await mustNotBeBlocked(call)
  const candidates = autoVerified(pool)
  const user = await namedUser(call, named.name)
  const username = countedAs(pool, named.name, user)
  await countAttempt(app, pool, 'ResendConfirmationCode', username, now)
  if (user !== undefined && user.status !== 'UNCONFIRMED') throw new Fault('AlreadyConfirmed')
  if (candidates.length === 0) throw new Fault('NothingToResend')
  const address = user && addressToConfirm(pool, user.attributes)
  if (user === undefined || address === undefined) {
    if (!hidesUsers(client.settings)) throw new Fault('NothingToResend')
    const delivery = pretendedDelivery(app, pool, named.name, candidates)
    await pretendCode(app, { poolId: pool.id, username }, 'sign-up', now)
    return delivery
  }
  const code = await newCode(call, user, 'sign-up', 'ResendCode', address)
  await app.store.transaction((store) => sendCode(call, store, code))
  app.outbox.kick()
  return deliveryTo(address)
}
