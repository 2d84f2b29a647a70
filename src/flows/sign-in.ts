import type { Challenge } from '../domain/challenge.ts'
import { type AuthFlowSetting, allows, type Client, lifetimes } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import { firstFactors, pretendedFactors } from '../domain/first-factors.ts'
import { checkSecretHash } from '../domain/secret-hash.ts'
import type { AuthSession, Progress } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import { Secret } from '../lib/secret.ts'
import type { Tables } from '../ports/store.ts'
import { recordSignIn } from './auth-events.ts'
import { challenges, selfContained, unstored } from './challenges/table.ts'
import { clientSecrets } from './client-secrets.ts'
import { completeSignIn } from './complete.ts'
import { deviceKeyIn, presenting } from './devices.ts'
import { codeDigestOf, digestOf } from './digest.ts'
import { findUser } from './find-user.ts'
import { firstFactorFacts } from './first-factors.ts'
import { decideNext } from './next.ts'
import { refresh } from './refresh.ts'
import { saveUser } from './save-user.ts'
import { findSession, newSessionText } from './session-text.ts'
import { findSignUpSession } from './sign-up-session.ts'
import {
  type Next,
  type Outcome,
  type Parameters,
  parameter,
  type SignIn,
  type Step,
  type Subject,
} from './step.ts'
import { stopAtTriggers } from './triggers.ts'

/**
 * Sign-in, for every face: `start` and `answer` both return the next Step. A challenge judges its own answer and says what
 * is proven; what follows is decided in `next.ts`; here the two are joined, and every session is stored and taken.
 */

/** The flows of InitiateAuth and AdminInitiateAuth. */
export type AuthFlow =
  | 'USER_SRP_AUTH'
  | 'REFRESH_TOKEN_AUTH'
  | 'REFRESH_TOKEN'
  | 'CUSTOM_AUTH'
  | 'ADMIN_NO_SRP_AUTH'
  | 'USER_PASSWORD_AUTH'
  | 'ADMIN_USER_PASSWORD_AUTH'
  | 'USER_AUTH'

/** A flow: who may start it, what its client must allow, how its refusal reads, and how it begins. */
interface FlowFacts {
  readonly by: 'anybody' | 'administrators'
  readonly setting: AuthFlowSetting
  readonly notEnabled: string
  readonly start: (signIn: SignIn, parameters: Parameters, session: string | undefined) => Promise<Step>
}

const adminPassword: FlowFacts = {
  by: 'administrators',
  setting: 'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  notEnabled: 'Auth flow not enabled for this client',
  start: startPassword,
}
const refreshToken: FlowFacts = {
  by: 'anybody',
  setting: 'ALLOW_REFRESH_TOKEN_AUTH',
  notEnabled: 'Refresh Token flow not enabled for this client',
  start: refresh,
}

const flows: Record<AuthFlow, FlowFacts> = {
  ADMIN_USER_PASSWORD_AUTH: adminPassword,
  ADMIN_NO_SRP_AUTH: adminPassword,
  REFRESH_TOKEN_AUTH: refreshToken,
  REFRESH_TOKEN: refreshToken,
  USER_PASSWORD_AUTH: {
    by: 'anybody',
    setting: 'ALLOW_USER_PASSWORD_AUTH',
    notEnabled: 'USER_PASSWORD_AUTH flow not enabled for this client',
    start: startPassword,
  },
  USER_SRP_AUTH: {
    by: 'anybody',
    setting: 'ALLOW_USER_SRP_AUTH',
    notEnabled: 'USER_SRP_AUTH is not enabled for the client.',
    start: startSrp,
  },
  CUSTOM_AUTH: {
    by: 'anybody',
    setting: 'ALLOW_CUSTOM_AUTH',
    notEnabled: 'CUSTOM_AUTH is not enabled for the client.',
    start: startCustom,
  },
  USER_AUTH: {
    by: 'anybody',
    setting: 'ALLOW_USER_AUTH',
    notEnabled: 'USER_AUTH is not enabled for the client.',
    start: startChoice,
  },
}

/**
 * Starts a sign-in. `by` is who calls: the admin flows are refused to everybody else. `session` is what ConfirmSignUp handed
 * out, for a sign-in by choice.
 */
export async function start(
  signIn: SignIn,
  flow: AuthFlow,
  parameters: Parameters,
  by: 'anybody' | 'administrators',
  session?: string,
): Promise<Step> {
  const facts = flows[flow]
  if (facts.by === 'administrators' && by === 'anybody') {
    throw new Fault('FlowNotEnabled', 'Initiate Auth method not supported.')
  }
  if (!allows(signIn.client.settings, facts.setting)) throw new Fault('FlowNotEnabled', facts.notEnabled)
  return recordSignIn(signIn, (signIn) => facts.start(signIn, parameters, session))
}

async function startPassword(signIn: SignIn, parameters: Parameters): Promise<Step> {
  const { subject, progress } = await enter(signIn, parameters, 'password')
  parameter(parameters, 'PASSWORD')
  return begin(signIn, subject, 'PASSWORD', parameters, progress)
}

async function startSrp(signIn: SignIn, parameters: Parameters): Promise<Step> {
  const { subject, progress } = await enter(signIn, parameters, 'srp')
  parameter(parameters, 'SRP_A')
  mustBeKnown(signIn, subject)
  return ask(
    signIn,
    subject,
    { kind: 'challenge', challenge: 'PASSWORD_VERIFIER', input: parameters },
    progress,
  )
}

/** Custom sign-in begins with what DefineAuthChallenge says, after SRP where the client brings an A along. */
async function startCustom(signIn: SignIn, parameters: Parameters): Promise<Step> {
  const { subject, progress } = await enter(signIn, parameters, 'custom')
  const custom =
    parameters.CHALLENGE_NAME === 'SRP_A' ? [{ challengeName: 'SRP_A', challengeResult: true }] : []
  return proceed(signIn, subject, { ...progress, custom }, parameters)
}

/** Choice-based sign-in: the preferred factor at once where it can be had, a selection otherwise. */
async function startChoice(
  signIn: SignIn,
  parameters: Parameters,
  session: string | undefined,
): Promise<Step> {
  if (session !== undefined) return continueSignUp(signIn, session)
  const { subject: entered, progress } = await enter(signIn, parameters, 'choice')
  const { app, pool } = signIn
  mustBeKnown(signIn, entered)
  // To a client that hides who exists, whoever is disabled is nobody: no code goes out.
  const user = entered.user?.enabled ? entered.user : undefined
  const subject: Subject = { name: entered.name, user }
  const preferred = parameters.PREFERRED_CHALLENGE
  const available = user ? firstFactors(await firstFactorFacts(app, pool, user)) : pretendedFactors(pool)
  const chosen = available.find((factor) => factor === preferred)
  if (chosen === undefined) {
    const input = { available: JSON.stringify(available) }
    return ask(signIn, subject, { kind: 'challenge', challenge: 'SELECT_CHALLENGE', input }, progress)
  }
  return begin(signIn, subject, chosen, parameters, progress, available)
}

/** Whoever has just confirmed a sign-up has shown who they are: nothing more is asked, and parameters mean nothing. */
async function continueSignUp(signIn: SignIn, text: string): Promise<Step> {
  const { app, pool } = signIn
  stopAtTriggers(pool, ...triggers)
  const session = await findSignUpSession(signIn, text, 'SIGNED_UP')
  const user = await app.store.users.find(pool.id, session.username)
  if (user === undefined) throw new Fault('InvalidSession')
  const progress = { ...session.progress, eventId: app.random.uuid() }
  signIn.witness?.entered({ name: session.name, user }, progress)
  if (!user.enabled) throw new Fault('UserDisabled')
  const write: Write = { before: undefined, after: undefined, taken: { session, text }, along: undefined }
  return proceed(signIn, { name: session.name, user }, progress, {}, write)
}

const triggers = [
  'PreAuthentication',
  'PostAuthentication',
  'PreTokenGeneration',
  'PreTokenGenerationConfig',
] as const

/** What every flow but refresh begins with: the name, its hash, and the user behind it, if there is one. */
async function enter(
  signIn: SignIn,
  parameters: Parameters,
  flow: Progress['flow'],
): Promise<{ subject: Subject; progress: Progress }> {
  const { app, pool, client } = signIn
  const name = parameter(parameters, 'USERNAME')
  checkSecretHash(clientSecrets(app, client), client.id, name, parameters.SECRET_HASH)
  stopAtTriggers(pool, ...triggers)
  const user = await findUser(app.store, pool, name)
  const progress = { flow, eventId: app.random.uuid(), methods: [], ...deviceKeyIn(parameters) }
  signIn.witness?.entered({ name, user }, progress)
  return { subject: { name, user }, progress }
}

/** Answers a challenge: RespondToAuthChallenge and its admin form. */
export function answer(
  signIn: SignIn,
  challenge: Challenge,
  sessionText: string | undefined,
  responses: Parameters,
): Promise<Step> {
  return recordSignIn(signIn, (signIn) => take(signIn, challenge, sessionText, responses))
}

async function take(
  signIn: SignIn,
  challenge: Challenge,
  sessionText: string | undefined,
  responses: Parameters,
): Promise<Step> {
  const { app, pool, client, now } = signIn
  const name = parameter(responses, 'USERNAME')
  checkSecretHash(clientSecrets(app, client), client.id, name, responses.SECRET_HASH)
  const contained = selfContained(signIn, challenge, responses)
  const session = presenting(contained ?? (await findSession(app, pool.id, sessionText)), responses)
  mustWaitFor(session, challenge, client, now)
  const user = session.question.decoy ? undefined : await app.store.users.find(pool.id, session.username)
  signIn.witness?.entered({ name: session.name, user }, session.progress)
  const named = await findUser(app.store, pool, name)
  if (named?.username !== user?.username && name !== session.username) throw new Fault('WrongAuthState')
  if (user !== undefined && !user.enabled) throw new Fault('UserDisabled')
  // A password that was set since ends the sign-ins that began with the one before.
  if (!contained && user?.password !== undefined && user.password.setAt > session.startedAt)
    throw new Fault('InvalidSession')
  const subject = { name: session.name, user }
  const outcome = await challenges[challenge].judge({ signIn, subject, session, responses })
  const taken: Given = { session, text: contained ? undefined : sessionText }
  return settle(signIn, subject, session, outcome, responses, taken)
}

/** @throws Fault InvalidSession, SessionExpired, SessionUsed */
function mustWaitFor(session: AuthSession, challenge: Challenge, client: Client, now: Instant): void {
  if (session.clientId !== client.id) throw new Fault('InvalidSession')
  if (now >= session.expiresAt) throw new Fault('SessionExpired')
  if (session.challenge === 'DONE') throw new Fault('SessionUsed')
  if (session.challenge !== challenge) throw new Fault('InvalidSession')
}

/** What an answer leads to. */
async function settle(
  signIn: SignIn,
  subject: Subject,
  session: AuthSession,
  outcome: Outcome,
  responses: Parameters,
  taken?: Given,
): Promise<Step> {
  const progress: Progress = { ...session.progress, ...outcome.progress }
  if (outcome.kind === 'ask') {
    const write: Write = { before: subject.user, after: outcome.changed, taken, along: undefined }
    const known: Subject = { name: subject.name, user: outcome.changed ?? subject.user }
    return begin(signIn, known, outcome.challenge, responses, progress, undefined, write)
  }
  if (outcome.kind === 'judged') {
    const write: Write = { before: subject.user, after: undefined, taken, along: undefined }
    return proceed(signIn, subject, progress, responses, write)
  }
  const write: Write = { before: subject.user, after: outcome.changed, taken, along: outcome.along }
  const methods = outcome.method === undefined ? progress.methods : [...progress.methods, outcome.method]
  const proven: Subject = { name: subject.name, user: outcome.changed ?? outcome.user }
  const custom = progress.custom && [
    ...progress.custom,
    { challengeName: session.challenge, challengeResult: true },
  ]
  return proceed(signIn, proven, { ...progress, methods, ...(custom && { custom }) }, responses, write)
}

/** The session that a call answers, and the string that it is stored under. */
interface Given {
  readonly session: AuthSession
  readonly text: string | undefined
}

/** What is written together with the next session, or with the end of the sign-in. */
interface Write {
  readonly before: User | undefined
  readonly after: User | undefined
  readonly taken: Given | undefined
  readonly along: ((store: Tables) => Promise<void>) | undefined
}

/** Decides what follows, and does it. */
async function proceed(
  signIn: SignIn,
  subject: Subject,
  progress: Progress,
  responses: Parameters,
  write?: Write,
): Promise<Step> {
  const next = await decideNext(signIn, subject, progress, responses)
  if (next.kind === 'challenge') return ask(signIn, subject, next, next.progress ?? progress, write)
  const { user } = subject
  if (user === undefined) throw new Fault('IncorrectCredentials')
  return completeSignIn(signIn, user, next.progress ?? progress, async (store) => {
    await commit(signIn, store, write)
    const answered = write?.taken?.session
    if (answered !== undefined && answered.digest !== unstored)
      await store.authSessions.put({ ...answered, challenge: 'DONE', question: {} })
  })
}

/**
 * Begins a challenge; where the call brought its answer along (a password, an A), the answer is judged at once and no
 * session is spent on it.
 */
async function begin(
  signIn: SignIn,
  subject: Subject,
  challenge: Challenge,
  responses: Parameters,
  progress: Progress,
  available?: readonly Challenge[],
  write?: Write,
): Promise<Step> {
  const carried = carriedAnswer[challenge]
  if (carried === undefined || responses[carried] === undefined) {
    return ask(
      signIn,
      subject,
      { kind: 'challenge', challenge, input: responses, ...(available && { available }) },
      progress,
      write,
    )
  }
  const { pool, client, now } = signIn
  const session: AuthSession = {
    poolId: pool.id,
    digest: unstored,
    clientId: client.id,
    username: subject.user?.username ?? (subject.name as AuthSession['username']),
    name: subject.name,
    challenge,
    startedAt: now,
    expiresAt: now + lifetimes(client.settings).session,
    attempts: 0,
    progress,
    question: {},
  }
  const outcome = await challenges[challenge].judge({ signIn, subject, session, responses })
  return settle(signIn, subject, session, outcome, responses, write?.taken)
}

/** The parameter whose presence means that a challenge is answered in the call that begins it. */
const carriedAnswer: Partial<Record<Challenge, string>> = { PASSWORD: 'PASSWORD', PASSWORD_SRP: 'SRP_A' }

/** Asks: stores a session for the challenge and hands out its string. The session before it is used up. */
async function ask(
  signIn: SignIn,
  subject: Subject,
  next: Next & { kind: 'challenge' },
  progress: Progress,
  write?: Write,
): Promise<Step> {
  const { app, pool, client, now } = signIn
  const { challenge, input, available } = next
  const question = await challenges[challenge].begin(signIn, subject, progress, input)
  // After an MFA code AWS's older client goes on to the device with the string that the code was asked with
  // (amazon-cognito-identity-js, CognitoUser.js, `sendMFACode` and `getDeviceResponse`).
  const kept = challenge === 'DEVICE_SRP_AUTH' ? write?.taken?.text : undefined
  const text = kept ?? newSessionText(app, pool.id)
  const digest = digestOf(text)
  await app.store.transaction(async (store) => {
    await commit(signIn, store, write)
    await question.along?.(store)
    if (question.stateless) return
    await store.authSessions.put({
      poolId: pool.id,
      digest,
      clientId: client.id,
      username: subject.user?.username ?? (subject.name as AuthSession['username']),
      name: subject.name,
      challenge,
      startedAt: now,
      expiresAt: now + lifetimes(client.settings).session,
      attempts: 0,
      progress,
      question: {
        ...question.state,
        ...(question.code && { codeDigest: codeDigestOf(digest, question.code) }),
      },
    })
  })
  if (question.along) app.outbox.kick()
  const offered = question.available ?? available
  return {
    kind: 'challenge',
    name: challenge,
    ...(!question.stateless && { session: new Secret(text) }),
    parameters: question.parameters,
    ...(offered && { available: offered }),
  }
}

/** Takes the session that was answered, and saves what the answer changed. Of two answers that race, one finds it gone. */
async function commit({ pool, now }: SignIn, store: Tables, write: Write | undefined): Promise<void> {
  if (write === undefined) return
  const { taken, before, after, along } = write
  if (taken !== undefined && taken.session.digest !== unstored) {
    const { poolId, digest, challenge } = taken.session
    const row = await store.authSessions.take(poolId, digest)
    if (row?.challenge !== challenge) throw new Fault('SessionUsed')
  }
  if (before !== undefined && after !== undefined) await saveUser(store, pool, before, after, now)
  await along?.(store)
}

/** @throws Fault UserNotFound, UserDisabled, UserNotConfirmed: what a client that does not hide users is told first */
function mustBeKnown({ client }: SignIn, { user }: Subject): void {
  const hides = client.settings.PreventUserExistenceErrors === 'ENABLED'
  if (hides) return
  if (user === undefined) throw new Fault('UserNotFound')
  if (!user.enabled) throw new Fault('UserDisabled')
}
