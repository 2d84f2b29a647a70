import { createHash } from 'node:crypto'
import { type Attributes, checkAttributes, checkRequired } from '../domain/attribute.ts'
import {
  type Challenge,
  decideMfa,
  type MfaDecision,
  type MfaFacts,
  nextAfterPassword,
} from '../domain/challenge.ts'
import { lifetimes } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import { checkPassword } from '../domain/password-policy.ts'
import { checkSecretHash } from '../domain/secret-hash.ts'
import type { AuthSession } from '../domain/session.ts'
import { emailMfaMessage, masked, smsMfaMessage } from '../domain/template.ts'
import type { Factor, User } from '../domain/user.ts'
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

/** What answers each challenge. A challenge without one is not built yet. */
const answers: Partial<Record<Challenge, (answer: Answer) => Promise<Step>>> = {
  SMS_MFA: (answer) => answerCode(answer, 'SMS_MFA_CODE'),
  EMAIL_OTP: (answer) => answerCode(answer, 'EMAIL_OTP_CODE'),
  SELECT_MFA_TYPE: answerSelection,
  NEW_PASSWORD_REQUIRED: answerNewPassword,
}

/** What follows a first factor that was right. */
export async function challengeAfterPassword(app: App, signIn: SignIn, user: User): Promise<Step> {
  const next = nextAfterPassword(user, mfaFacts(signIn, user))
  if (next.kind === 'new-password') return askNewPassword(app, signIn, user)
  return follow(app, signIn, user, next, undefined)
}

/** Answers a challenge: RespondToAuthChallenge and its admin form. */
export async function answer(
  app: App,
  signIn: SignIn,
  challenge: Challenge,
  sessionText: string | undefined,
  responses: Parameters,
): Promise<Step> {
  const { pool, client, now } = signIn
  const respond = answers[challenge]
  if (respond === undefined) throw new Fault('NotBuilt', `the ${challenge} challenge`)
  const username = parameter(responses, 'USERNAME')
  checkSecretHash(clientSecrets(app, client), client.id, username, responses.SECRET_HASH)
  if (sessionText === undefined) throw new Fault('InvalidParameter', 'Missing required parameter Session')
  const session = await app.store.authSessions.find(pool.id, digestOf(sessionText))
  if (session === undefined || session.clientId !== client.id || session.challenge !== challenge) {
    throw new Fault('InvalidSession')
  }
  if (now >= session.expiresAt) throw new Fault('SessionExpired')
  const user = await findUser(app.store, pool, username)
  if (user === undefined || user.username !== session.username) throw new Fault('WrongAuthState')
  if (!user.enabled) throw new Fault('UserDisabled')
  stopAtTriggers(pool, 'PostAuthentication', 'PreTokenGeneration', 'PreTokenGenerationConfig')
  return respond({ app, signIn, session, user, responses })
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

/** Turns the decision about a second factor into the next step. `taken` is the session that this step replaces. */
async function follow(
  app: App,
  signIn: SignIn,
  user: User,
  decision: MfaDecision,
  taken: AuthSession | undefined,
): Promise<Step> {
  switch (decision.kind) {
    case 'tokens':
      return completeSignIn(app, signIn, user, user, taken)
    case 'challenge':
      return askCode(app, signIn, user, decision.factor, taken)
    case 'select':
      return ask(app, signIn, user, 'SELECT_MFA_TYPE', taken, {
        parameters: { MFAS_CAN_CHOOSE: JSON.stringify(decision.factors) },
        offered: decision.factors,
      })
    case 'setup':
      return ask(app, signIn, user, 'MFA_SETUP', taken, {
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
  readonly parameters: Readonly<Record<string, string>>
  readonly codeDigest?: (sessionDigest: string) => string
  readonly offered?: readonly Factor[]
  /** Written in the same transaction as the session. */
  readonly along?: (store: Tables) => Promise<void>
}

/** Stores a new session for a challenge and hands out its string; the session before it is used up. */
async function ask(
  app: App,
  signIn: SignIn,
  user: User,
  challenge: Challenge,
  taken: AuthSession | undefined,
  question: Question,
): Promise<Step> {
  const { pool, client, now } = signIn
  const text = Buffer.from(app.random.bytes(48)).toString('base64url')
  const digest = digestOf(text)
  await app.store.transaction(async (store) => {
    await use(store, taken)
    await question.along?.(store)
    await store.authSessions.put({
      poolId: pool.id,
      digest,
      clientId: client.id,
      username: user.username,
      challenge,
      startedAt: now,
      expiresAt: now + lifetimes(client.settings).session,
      ...(question.codeDigest && { codeDigest: question.codeDigest(digest) }),
      ...(question.offered && { offered: question.offered }),
      attempts: 0,
    })
  })
  if (question.along) app.outbox.kick()
  return { kind: 'challenge', name: challenge, session: new Secret(text), parameters: question.parameters }
}

/** Sends a code to the user's phone or mailbox and asks for it. */
async function askCode(app: App, signIn: SignIn, user: User, factor: Factor, taken: AuthSession | undefined) {
  if (factor === 'SOFTWARE_TOKEN_MFA') throw new Fault('NotBuilt', 'the SOFTWARE_TOKEN_MFA challenge')
  const { pool, now } = signIn
  const code = app.random.digits(6)
  const sms = factor === 'SMS_MFA'
  const to = user.attributes[sms ? 'phone_number' : 'email'] ?? ''
  const draft = sms ? smsMfaMessage(pool, code) : emailMfaMessage(pool, code)
  return ask(app, signIn, user, factor, taken, {
    parameters: {
      CODE_DELIVERY_DELIVERY_MEDIUM: draft.medium,
      CODE_DELIVERY_DESTINATION: masked(draft.medium, to),
      USER_ID_FOR_SRP: user.username,
    },
    codeDigest: (sessionDigest) => codeDigestOf(sessionDigest, code),
    along: (store) => post(app, store, pool, draft, to, code, now),
  })
}

/** More wrong codes than this and the session is gone: six digits must not be guessed at leisure. */
const mostAttempts = 5

/** A right code takes the session and signs in; a wrong one leaves it, to be tried again. */
async function answerCode({ app, signIn, session, user, responses }: Answer, name: string): Promise<Step> {
  const code = parameter(responses, name)
  const digest = new Secret(session.codeDigest ?? '')
  if (!digest.matches(codeDigestOf(session.digest, code))) {
    const attempts = await app.store.authSessions.countAttempt(session.poolId, session.digest)
    if (attempts >= mostAttempts) await app.store.authSessions.take(session.poolId, session.digest)
    throw new Fault('WrongCode')
  }
  // Whoever answers a code has the phone or the mailbox: the attribute is verified from now on.
  const flag = session.challenge === 'SMS_MFA' ? 'phone_number_verified' : 'email_verified'
  const verified = { ...user, attributes: { ...user.attributes, [flag]: 'true' } }
  return completeSignIn(app, signIn, user, user.attributes[flag] === 'true' ? user : verified, session)
}

async function answerSelection({ app, signIn, session, user, responses }: Answer): Promise<Step> {
  const chosen = parameter(responses, 'ANSWER')
  const factor = session.offered?.find((offered) => offered === chosen)
  if (factor === undefined) throw new Fault('InvalidParameter', 'Invalid MFA type selected.')
  return askCode(app, signIn, user, factor, session)
}

/** Asks for a new password, with what the user may and must say about themselves. */
async function askNewPassword(app: App, signIn: SignIn, user: User): Promise<Step> {
  const missing = signIn.pool.schema.filter(
    ({ Name, Required }) => Required && Name !== 'sub' && (user.attributes[Name] ?? '') === '',
  )
  return ask(app, signIn, user, 'NEW_PASSWORD_REQUIRED', undefined, {
    parameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(missing.map(({ Name }) => `${attributePrefix}${Name}`)),
      userAttributes: JSON.stringify(user.attributes),
    },
  })
}

const attributePrefix = 'userAttributes.'

async function answerNewPassword({ app, signIn, session, user, responses }: Answer): Promise<Step> {
  const { pool, now } = signIn
  const password = new Secret(parameter(responses, 'NEW_PASSWORD'))
  const given = givenAttributes(responses)
  for (const name of Object.keys(given)) {
    if ((user.attributes[name] ?? '') !== '') throw new Fault('CannotModifyProvided', name)
    if (verificationFlags.has(name)) throw new Fault('UnauthorizedAttribute')
  }
  checkAttributes(pool.schema, given, 'creating')
  const attributes = { ...user.attributes, ...given }
  checkRequired(pool.schema, attributes)
  checkPassword(password.reveal(), pool.settings.Policies.PasswordPolicy)
  const stored = await hashPassword(app, pool.id, user.username, password, now)
  const changed: User = { ...user, attributes, password: stored, status: 'CONFIRMED' }
  const next = decideMfa(mfaFacts(signIn, changed))
  if (next.kind === 'tokens') return completeSignIn(app, signIn, user, changed, session)
  // The password is changed before the second factor is asked for, as the live order of challenges shows.
  const saved = await app.store.transaction(async (store) => {
    await use(store, session)
    return saveUser(store, pool, user, changed, now)
  })
  return follow(app, signIn, saved, next, undefined)
}

const verificationFlags: ReadonlySet<string> = new Set(['email_verified', 'phone_number_verified'])

function givenAttributes(responses: Parameters): Attributes {
  const entries = Object.entries(responses).filter(([name]) => name.startsWith(attributePrefix))
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(attributePrefix.length), value]))
}

/** The last step: the session is used up, the user saved if anything changed, and tokens are made. */
async function completeSignIn(
  app: App,
  signIn: SignIn,
  before: User,
  after: User,
  taken: AuthSession | undefined,
): Promise<Step> {
  const { pool, client, now } = signIn
  const { session, refreshToken } = await newSession(app, { pool, client, user: after }, now)
  const user = await app.store.transaction(async (store) => {
    await use(store, taken)
    const saved = after === before ? before : await saveUser(store, pool, before, after, now)
    await store.tokenSessions.create(session)
    return saved
  })
  const tokens = await issue(app, { pool, client, user }, session, now)
  return { kind: 'signed-in', user, tokens: { ...tokens, refreshToken } }
}

/** Takes a session. Of two answers that race, the one that finds it gone is told so. */
async function use(store: Tables, session: AuthSession | undefined): Promise<void> {
  if (session === undefined) return
  if ((await store.authSessions.take(session.poolId, session.digest)) === undefined)
    throw new Fault('SessionUsed')
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Six digits have few values; the session's digest makes the same code look different in every row. */
const codeDigestOf = (sessionDigest: string, code: string): string => digestOf(`${sessionDigest} ${code}`)
