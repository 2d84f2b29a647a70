import { createHash } from 'node:crypto'
import { aliasesOf } from '../domain/alias.ts'
import { type Attributes, checkAttributes } from '../domain/attribute.ts'
import { stated } from '../domain/attribute-change.ts'
import {
  type Challenge,
  decideMfa,
  type MfaDecision,
  type MfaFacts,
  nextAfterPassword,
} from '../domain/challenge.ts'
import { canWrite, lifetimes } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import { checkPassword } from '../domain/password-policy.ts'
import type { Pool } from '../domain/pool.ts'
import { checkSecretHash } from '../domain/secret-hash.ts'
import type { AuthSession } from '../domain/session.ts'
import { type Draft, emailMfaMessage, masked, smsMfaMessage } from '../domain/template.ts'
import { addressOf, type Factor, isVerified, type User } from '../domain/user.ts'
import { Secret } from '../lib/secret.ts'
import type { App } from '../ports/app.ts'
import type { Tables } from '../ports/store.ts'
import { clientSecrets } from './client-secrets.ts'
import { findUser } from './find-user.ts'
import { post } from './messages.ts'
import { hashPassword } from './passwords.ts'
import { saveUser } from './save-user.ts'
import { type Parameters, parameter, type SignIn, type Step } from './step.ts'
import { issue, newSession } from './tokens.ts'
import { stopAtTriggers } from './triggers.ts'

/** An answer to a challenge, with the session it belongs to. */
interface Answer {
  readonly app: App
  readonly signIn: SignIn
  readonly session: AuthSession
  readonly user: User
  readonly responses: Parameters
}

/** What a step has reached and the next one writes: what became of the user, and the session that is used up. */
interface Progress {
  readonly before: User
  readonly after: User
  readonly session: AuthSession | undefined
}

/** The factors whose code is sent. */
type CodeFactor = 'SMS_MFA' | 'EMAIL_OTP'

/** What answers each challenge. A challenge without one is not built yet. */
const answers: Partial<Record<Challenge, (answer: Answer) => Promise<Step>>> = {
  SMS_MFA: (answer) => answerCode(answer, 'SMS_MFA'),
  EMAIL_OTP: (answer) => answerCode(answer, 'EMAIL_OTP'),
  SELECT_MFA_TYPE: answerSelection,
  NEW_PASSWORD_REQUIRED: answerNewPassword,
}

/** What follows a first factor that was right. */
export async function challengeAfterPassword(app: App, signIn: SignIn, user: User): Promise<Step> {
  const progress: Progress = { before: user, after: user, session: undefined }
  const next = nextAfterPassword(user, mfaFacts(signIn, user))
  return next.kind === 'new-password'
    ? askNewPassword(app, signIn, progress)
    : follow(app, signIn, progress, next)
}

/** Answers a challenge: RespondToAuthChallenge and its admin form. */
export async function answer(
  app: App,
  signIn: SignIn,
  challenge: Challenge,
  sessionText: string | undefined,
  responses: Parameters,
): Promise<Step> {
  const { pool, client } = signIn
  const respond = answers[challenge]
  if (respond === undefined) throw new Fault('NotBuilt', `the ${challenge} challenge`)
  const username = parameter(responses, 'USERNAME')
  checkSecretHash(clientSecrets(app, client), client.id, username, responses.SECRET_HASH)
  if (sessionText === undefined) throw new Fault('InvalidParameter', 'Missing required parameter Session')
  const session = await findSession(app.store, signIn, challenge, sessionText)
  const user = await findUser(app.store, pool, username)
  if (user === undefined || user.username !== session.username) throw new Fault('WrongAuthState')
  if (!user.enabled) throw new Fault('UserDisabled')
  // A password that was set since ends the sign-ins that began with the one before.
  if (user.password !== undefined && user.password.setAt > session.startedAt)
    throw new Fault('InvalidSession')
  stopAtTriggers(pool, 'PostAuthentication', 'PreTokenGeneration', 'PreTokenGenerationConfig')
  return respond({ app, signIn, session, user, responses })
}

async function findSession(
  store: Tables,
  { pool, client, now }: SignIn,
  challenge: Challenge,
  text: string,
): Promise<AuthSession> {
  const session = await store.authSessions.find(pool.id, digestOf(text))
  if (session === undefined || session.clientId !== client.id) throw new Fault('InvalidSession')
  if (now >= session.expiresAt) throw new Fault('SessionExpired')
  if (session.challenge === 'DONE') throw new Fault('SessionUsed')
  if (session.challenge !== challenge) throw new Fault('InvalidSession')
  return session
}

function mfaFacts({ pool }: SignIn, user: User): MfaFacts {
  return {
    settings: pool.settings,
    factors: pool.mfa,
    preferences: user.mfa,
    attributes: user.attributes,
    softwareToken: false,
    rememberedDevice: false,
    demanded: false,
  }
}

/** Turns the decision about a second factor into the next step. */
async function follow(app: App, signIn: SignIn, progress: Progress, decision: MfaDecision): Promise<Step> {
  switch (decision.kind) {
    case 'tokens':
      return completeSignIn(app, signIn, progress)
    case 'challenge':
      return askCode(app, signIn, progress, decision.factor)
    case 'select':
      return ask(app, signIn, progress, {
        challenge: 'SELECT_MFA_TYPE',
        // The developer guide writes MFAS_CAN_SELECT; every AWS client reads MFAS_CAN_CHOOSE.
        parameters: { MFAS_CAN_CHOOSE: JSON.stringify(decision.factors) },
        offered: decision.factors,
      })
    case 'setup':
      return ask(app, signIn, progress, {
        challenge: 'MFA_SETUP',
        parameters: { MFAS_CAN_SETUP: JSON.stringify(decision.factors) },
        offered: decision.factors,
      })
    case 'device':
      throw new Fault('NotBuilt', 'the DEVICE_SRP_AUTH challenge')
    case 'impossible':
      throw new Fault('NoUsableFactor')
  }
}

interface Question {
  readonly challenge: Challenge
  readonly parameters: Readonly<Record<string, string>>
  readonly offered?: readonly Factor[]
  /** Goes out with the question; its code is the answer. */
  readonly message?: { readonly draft: Draft; readonly to: string; readonly code: string }
}

/** Stores a new session for a challenge and hands out its string; the session before it is used up. */
async function ask(app: App, signIn: SignIn, progress: Progress, question: Question): Promise<Step> {
  const { pool, client, now } = signIn
  const { challenge, parameters, offered, message } = question
  const text = Buffer.from(app.random.bytes(48)).toString('base64url')
  const digest = digestOf(text)
  await app.store.transaction(async (store) => {
    const user = await settle(store, signIn, progress)
    if (message) await post(app, store, pool, message.draft, message.to, message.code, now)
    await store.authSessions.put({
      poolId: pool.id,
      digest,
      clientId: client.id,
      username: user.username,
      challenge,
      startedAt: now,
      expiresAt: now + lifetimes(client.settings).session,
      ...(message && { codeDigest: codeDigestOf(digest, message.code) }),
      ...(offered && { offered }),
      attempts: 0,
    })
  })
  if (message) app.outbox.kick()
  return { kind: 'challenge', name: challenge, session: new Secret(text), parameters }
}

/** Sends a code to the user's phone or mailbox and asks for it. */
async function askCode(app: App, signIn: SignIn, progress: Progress, factor: Factor): Promise<Step> {
  const address = addressOf[factor]
  if (address === undefined) throw new Fault('NotBuilt', `the ${factor} challenge`)
  const code = app.random.digits(6)
  const to = progress.after.attributes[address] ?? ''
  const draft = factor === 'SMS_MFA' ? smsMfaMessage(signIn.pool, code) : emailMfaMessage(signIn.pool, code)
  return ask(app, signIn, progress, {
    challenge: factor,
    parameters: {
      CODE_DELIVERY_DELIVERY_MEDIUM: draft.medium,
      CODE_DELIVERY_DESTINATION: masked(draft.medium, to),
      ...(factor === 'SMS_MFA' && { USER_ID_FOR_SRP: progress.after.username }),
    },
    message: { draft, to, code },
  })
}

/** More wrong codes than this and the session is gone: six digits must not be guessed at leisure. */
const mostAttempts = 5

/** A right code takes the session and signs in; a wrong one leaves it, to be tried again. */
async function answerCode(
  { app, signIn, session, user, responses }: Answer,
  factor: CodeFactor,
): Promise<Step> {
  const code = parameter(responses, `${factor}_CODE`)
  const digest = new Secret(session.codeDigest ?? '')
  if (!digest.matches(codeDigestOf(session.digest, code))) {
    const attempts = await app.store.authSessions.countAttempt(session.poolId, session.digest)
    if (attempts >= mostAttempts) await app.store.authSessions.take(session.poolId, session.digest)
    throw new Fault('WrongAuthState')
  }
  const after = await verified(app.store, signIn.pool, user, addressOf[factor])
  return completeSignIn(app, signIn, { before: user, after, session })
}

/**
 * Whoever answers a code has the phone or the mailbox: it is verified from now on. Where that would make it an alias
 * that somebody else holds, it stays as it was, and the sign-in goes on.
 */
async function verified(
  store: Tables,
  pool: Pool,
  user: User,
  address: 'email' | 'phone_number',
): Promise<User> {
  if (isVerified(user.attributes, address)) return user
  const after = { ...user, attributes: { ...user.attributes, [`${address}_verified`]: 'true' } }
  for (const alias of aliasesOf(pool, after)) {
    const holder = await store.users.findByAlias(pool.id, alias)
    if (holder !== undefined && holder.username !== user.username) return user
  }
  return after
}

async function answerSelection({ app, signIn, session, user, responses }: Answer): Promise<Step> {
  const given = parameter(responses, 'ANSWER')
  // AWS's comment on ChallengeResponses says EMAIL_MFA, its list of challenges EMAIL_OTP.
  const chosen = given === 'EMAIL_MFA' ? 'EMAIL_OTP' : given
  const factor = session.offered?.find((offered) => offered === chosen)
  if (factor === undefined) throw new Fault('InvalidParameter', 'Invalid MFA type selected.')
  return askCode(app, signIn, { before: user, after: user, session }, factor)
}

/** Asks for a new password, with what the user may and must say about themselves. */
async function askNewPassword(app: App, signIn: SignIn, progress: Progress): Promise<Step> {
  const { attributes, username } = progress.after
  const missing = missingAttributes(signIn.pool, attributes)
  return ask(app, signIn, progress, {
    challenge: 'NEW_PASSWORD_REQUIRED',
    parameters: {
      USER_ID_FOR_SRP: username,
      requiredAttributes: JSON.stringify(missing.map((name) => `${attributePrefix}${name}`)),
      userAttributes: JSON.stringify(attributes),
    },
  })
}

const attributePrefix = 'userAttributes.'

async function answerNewPassword({ app, signIn, session, user, responses }: Answer): Promise<Step> {
  const { pool, client, now } = signIn
  const password = new Secret(parameter(responses, 'NEW_PASSWORD'))
  const given = givenAttributes(responses)
  for (const name of Object.keys(given)) {
    if ((user.attributes[name] ?? '') !== '') throw new Fault('CannotModifyProvided', name)
    if (!canWrite(client.settings, name)) throw new Fault('UnauthorizedAttribute')
  }
  checkAttributes(pool.schema, given, 'creating')
  const attributes = { ...user.attributes, ...given }
  const [missing] = missingAttributes(pool, attributes)
  if (missing !== undefined)
    throw new Fault('InvalidParameter', `Invalid attributes given, ${missing} is missing`)
  checkPassword(password.reveal(), pool.settings.Policies.PasswordPolicy)
  const stored = await hashPassword(app, pool.id, user.username, password, now)
  const after: User = { ...user, attributes, password: stored, status: 'CONFIRMED' }
  return follow(app, signIn, { before: user, after, session }, decideMfa(mfaFacts(signIn, after)))
}

function givenAttributes(responses: Parameters): Attributes {
  const entries = Object.entries(responses).filter(([name]) => name.startsWith(attributePrefix))
  return stated(
    Object.fromEntries(entries.map(([name, value]) => [name.slice(attributePrefix.length), value])),
  )
}

/** Required attributes without a value: an administrator may leave them to the user. */
function missingAttributes(pool: Pool, attributes: Attributes): string[] {
  return pool.schema
    .filter(({ Name, Required }) => Required && Name !== 'sub' && (attributes[Name] ?? '') === '')
    .map(({ Name }) => Name)
}

/** The last step: what was reached is written, the session is done, and tokens are made. */
async function completeSignIn(app: App, signIn: SignIn, progress: Progress): Promise<Step> {
  const { pool, client, now } = signIn
  const { session, refreshToken } = await newSession(app, { pool, client, user: progress.after }, now)
  const user = await app.store.transaction(async (store) => {
    const saved = await settle(store, signIn, progress)
    if (progress.session) await store.authSessions.put(done(progress.session))
    await store.tokenSessions.create(session)
    return saved
  })
  const tokens = await issue(app, { pool, client, user }, session, now)
  return { kind: 'signed-in', user, tokens: { ...tokens, refreshToken } }
}

/** Uses up the session and saves what became of the user, in the transaction of the step that follows. */
async function settle(store: Tables, { pool, now }: SignIn, progress: Progress): Promise<User> {
  const { before, after, session } = progress
  if (session !== undefined) await use(store, session)
  return after === before ? before : saveUser(store, pool, before, after, now)
}

/** Of two answers that race, the one that finds the session gone, done or guessed at too often is told so. */
async function use(store: Tables, session: AuthSession): Promise<void> {
  const taken = await store.authSessions.take(session.poolId, session.digest)
  if (taken?.challenge !== session.challenge || taken.attempts >= mostAttempts) throw new Fault('SessionUsed')
}

function done({ codeDigest: _, offered: __, ...session }: AuthSession): AuthSession {
  return { ...session, challenge: 'DONE' }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Six digits have few values; the session's digest makes the same code look different in every row. */
const codeDigestOf = (sessionDigest: string, code: string): string => digestOf(`${sessionDigest} ${code}`)
