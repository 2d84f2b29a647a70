import type { Challenge } from '../domain/challenge.ts'
import { type AuthFlowSetting, allows, type Client, hidesUsers } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import { firstFactors, pretendedFactors } from '../domain/first-factors.ts'
import { mustBeServedIn } from '../domain/replica.ts'
import { checkSecretHash } from '../domain/secret-hash.ts'
import type { AuthSession, Progress } from '../domain/session.ts'
import type { Instant } from '../lib/instant.ts'
import { recordSignIn } from './auth-events.ts'
import { challenges, selfContained } from './challenges/table.ts'
import { clientSecrets } from './client-secrets.ts'
import { deviceKeyIn, presenting } from './devices.ts'
import { findUser } from './find-user.ts'
import { firstFactorFacts } from './first-factors.ts'
import { advance, ask, begin, type Given, proceed, type Write } from './machine.ts'
import { migrateUser } from './migration.ts'
import { selection } from './next.ts'
import { refresh } from './refresh.ts'
import { mustNotBeBlocked } from './risk.ts'
import { findSession } from './session-text.ts'
import { preAuthentication } from './sign-in-triggers.ts'
import { findSignUpSession } from './sign-up-session.ts'
import { type Parameters, parameter, type SignIn, type Step, type Subject } from './step.ts'
import { challengesTowards, stepUpIn } from './step-up.ts'

/**
 * Sign-in, for every face: `start` and `answer` both return the next Step. A challenge judges its own answer and says what
 * is proven (`challenges/`), what follows is decided in `next.ts`, and `machine.ts` joins the two.
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
  // Whoever refreshes has signed in before.
  if (facts === refreshToken) return refresh(signIn, parameters)
  return recordSignIn(signIn, undefined, (signIn) => facts.start(signIn, parameters, session))
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
  const { subject: entered, progress } = await enter(signIn, parameters, 'custom')
  mustBeKnown(signIn, entered)
  const subject = unlessDisabled(entered)
  if (subject.user?.status === 'UNCONFIRMED') throw new Fault('UserNotConfirmed')
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
  const subject = unlessDisabled(entered)
  const { user } = subject
  const stepUp = await stepUpIn(signIn, subject, parameters)
  const preferred = parameters.PREFERRED_CHALLENGE
  if (stepUp !== undefined) {
    const towards: Progress = { ...progress, ...stepUp }
    const available = await challengesTowards(signIn, subject, towards)
    const chosen = available.find((challenge) => challenge === preferred)
    const next = selection(chosen === undefined ? available : [chosen])
    return begin(signIn, subject, next.challenge, { ...parameters, ...next.input }, towards, available)
  }
  const available = user ? firstFactors(await firstFactorFacts(app, pool, user)) : pretendedFactors(pool)
  const chosen = available.find((factor) => factor === preferred)
  const input = { ...parameters, available: JSON.stringify(available) }
  return begin(signIn, subject, chosen ?? 'SELECT_CHALLENGE', input, progress, available)
}

/** Whoever has just confirmed a sign-up has shown who they are: nothing more is asked, and parameters mean nothing. */
async function continueSignUp(signIn: SignIn, text: string): Promise<Step> {
  const { app, pool } = signIn
  const session = await findSignUpSession(signIn, text, 'SIGNED_UP')
  const user = await app.store.users.find(pool.id, session.username)
  if (user === undefined) throw new Fault('InvalidSession')
  const progress = { ...session.progress, eventId: app.random.uuid() }
  signIn.witness?.entered({ name: session.name, user }, progress)
  await mustNotBeBlocked(signIn)
  if (!user.enabled) throw new Fault('UserDisabled')
  await preAuthentication(signIn, { name: session.name, user })
  const write: Write = { before: undefined, after: undefined, taken: { session, text }, along: undefined }
  return proceed(signIn, { name: session.name, user }, progress, {}, write)
}

/**
 * What every flow but refresh begins with: the name, its hash, and the user behind it, if there is one. Who comes with a
 * password and is not known may be migrated.
 */
async function enter(
  signIn: SignIn,
  parameters: Parameters,
  flow: Progress['flow'],
): Promise<{ subject: Subject; progress: Progress }> {
  const { app, pool, client } = signIn
  const name = parameter(parameters, 'USERNAME')
  checkSecretHash(clientSecrets(app, client), client.id, name, parameters.SECRET_HASH)
  const device = deviceKeyIn(parameters)
  const user =
    (await findUser(app.store, pool, name)) ??
    (await migrateUser(signIn, name, { password: parameters.PASSWORD }))
  const subject: Subject = { name, user }
  const progress: Progress = { flow, eventId: app.random.uuid(), methods: [], ...device }
  signIn.witness?.entered(subject, progress)
  await mustNotBeBlocked(signIn)
  await preAuthentication(signIn, subject)
  return { subject, progress }
}

/** Answers a challenge: RespondToAuthChallenge and its admin form. */
export function answer(
  signIn: SignIn,
  challenge: Challenge,
  sessionText: string | undefined,
  responses: Parameters,
): Promise<Step> {
  return recordSignIn(signIn, challenge, (signIn) => take(signIn, challenge, sessionText, responses))
}

async function take(
  signIn: SignIn,
  challenge: Challenge,
  sessionText: string | undefined,
  responses: Parameters,
): Promise<Step> {
  const { app, pool, client, now } = signIn
  mustBeServedIn(pool, challenge)
  const name = parameter(responses, 'USERNAME')
  checkSecretHash(clientSecrets(app, client), client.id, name, responses.SECRET_HASH)
  const contained = selfContained(signIn, challenge, responses)
  const session = presenting(contained ?? (await findSession(app, pool.id, sessionText)), responses)
  mustWaitFor(session, challenge, client, now)
  const user = session.question.decoy ? undefined : await app.store.users.find(pool.id, session.username)
  signIn.witness?.entered({ name: session.name, user }, session.progress)
  await mustNotBeBlocked(signIn)
  const named = await findUser(app.store, pool, name)
  if (named?.username !== user?.username && name !== session.username) throw new Fault('WrongAuthState')
  // A claim of SRP is judged first: what a disabled user hears depends on the client.
  if (!contained && user !== undefined && !user.enabled) throw new Fault('UserDisabled')
  // A password that was set since ends the sign-ins that began with the one before.
  if (!contained && user?.password !== undefined && user.password.setAt > session.startedAt)
    throw new Fault('InvalidSession')
  const subject = { name: session.name, user }
  const outcome = await challenges[challenge].judge({ signIn, subject, session, responses })
  const taken: Given = { session, text: contained ? undefined : sessionText }
  return advance(signIn, subject, session, outcome, responses, taken)
}

/** @throws Fault InvalidSession, SessionExpired, SessionUsed */
function mustWaitFor(session: AuthSession, challenge: Challenge, client: Client, now: Instant): void {
  if (session.clientId !== client.id) throw new Fault('InvalidSession')
  if (now >= session.expiresAt) throw new Fault('SessionExpired')
  if (session.challenge === 'DONE') throw new Fault('SessionUsed')
  if (session.challenge !== challenge) throw new Fault('InvalidSession')
}

/** To a client that hides who exists, whoever is disabled is nobody: no code goes out, no function hears of them. */
const unlessDisabled = ({ name, user }: Subject): Subject => ({
  name,
  user: user?.enabled ? user : undefined,
})

/** @throws Fault UserNotFound, UserDisabled: what a client that does not hide users is told first */
function mustBeKnown({ client }: SignIn, { user }: Subject): void {
  if (hidesUsers(client.settings)) return
  if (user === undefined) throw new Fault('UserNotFound')
  if (!user.enabled) throw new Fault('UserDisabled')
}
