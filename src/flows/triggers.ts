import { hidesUsers } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import type { LambdaConfig, Pool } from '../domain/pool.ts'
import type { CustomResult } from '../domain/session.ts'
import {
  type AnswerOf,
  eventAttributes,
  type FactsOf,
  functionOf,
  readAnswer,
  type TriggerSource,
  triggerEvent,
  triggerOf,
} from '../domain/trigger-event.ts'
import { UnrecognizableOutput } from '../domain/trigger-output.ts'
import type { LambdaVersion, PreTokenGenerationFacts, TokenOverrides } from '../domain/trigger-tokens.ts'
import type { User } from '../domain/user.ts'
import type { App } from '../ports/app.ts'
import { TriggerFailed, TriggerUnreachable } from '../ports/trigger-runner.ts'
import type { SignIn, Subject } from './step.ts'

/**
 * Lambda triggers: what a flow tells the function that a pool has configured, and what it hears back. A trigger is asked
 * before anything is written, or told after the commit; an operation that loses a race and runs again asks again, as the
 * service itself may do.
 */

type Metadata = Readonly<Record<string, string>> | undefined

/** Whom an event is about. */
export interface About {
  readonly username: string
  /** Absent where an administrator acts without an app client. */
  readonly clientId?: string
}

/**
 * Runs the function of a trigger and returns its answer; nothing where the pool has none. `facts` are only asked for when
 * there is one.
 * @throws Fault TriggerFailed, TriggerAnswer, TriggerUnreachable
 */
export async function runTrigger<const Source extends TriggerSource>(
  app: App,
  pool: Pool,
  source: Source,
  about: About,
  facts: (version: LambdaVersion) => FactsOf<Source>,
): Promise<AnswerOf<Source> | undefined> {
  const trigger = triggerOf[source]
  const configured = functionOf(pool.settings.LambdaConfig, trigger)
  if (configured === undefined) return undefined
  const event = triggerEvent(source, { poolId: pool.id, ...about }, facts(configured.version))
  try {
    return readAnswer(event, await app.triggers.run(configured.arn, event))
  } catch (error) {
    if (error instanceof TriggerFailed) throw new Fault('TriggerFailed', trigger, error.message)
    if (error instanceof TriggerUnreachable) throw new Fault('TriggerUnreachable', trigger, error.message)
    if (error instanceof UnrecognizableOutput) throw new Fault('TriggerAnswer', error.message)
    throw error
  }
}

/** What any operation that runs a trigger may have to say. */
export const triggerFaults = ['TriggerFailed', 'TriggerAnswer', 'TriggerUnreachable'] as const

/**
 * Triggers that write and carry messages are not run by this version. A pool that relies on one must not be served as if it had
 * none, so whatever would send a message stops where one is configured.
 * @throws Fault TriggerUnavailable
 */
export function stopAtTriggers(pool: Pool, ...triggers: readonly (keyof LambdaConfig)[]): void {
  const configured = triggers.find((trigger) => pool.settings.LambdaConfig[trigger] !== undefined)
  if (configured !== undefined) throw new Fault('TriggerUnavailable', configured)
}

/** Who signs in, as events name them: the user, or the name that nobody has. */
function aboutSubject({ client }: SignIn, { name, user }: Subject): About {
  return { username: user?.username ?? name, clientId: client.id }
}

const attributesOf = (pool: Pool, user: User | undefined) => (user ? eventAttributes(pool, user) : {})

/** Where the client hides who exists, functions are told whom nobody is, and must hide it too. */
function whetherFound({ client }: SignIn, { user }: Subject) {
  return hidesUsers(client.settings) ? { userNotFound: user === undefined } : {}
}

/** Is told of somebody who is confirmed, or has set a new password, when it is done: a refusal changes nothing of it. */
export async function postConfirmation(
  app: App,
  pool: Pool,
  user: User,
  source: 'PostConfirmation_ConfirmSignUp' | 'PostConfirmation_ConfirmForgotPassword',
  { clientId, metadata }: { readonly clientId?: string; readonly metadata: Metadata },
): Promise<void> {
  const about = { username: user.username, ...(clientId !== undefined && { clientId }) }
  await runTrigger(app, pool, source, about, () => ({
    userAttributes: eventAttributes(pool, user),
    clientMetadata: metadata,
  }))
}

/** Has its say before anything is checked of somebody who may sign in. */
export async function preAuthentication(signIn: SignIn, subject: Subject): Promise<void> {
  const { app, pool, client, validationData } = signIn
  const { user } = subject
  const known = user?.enabled && user.status !== 'UNCONFIRMED'
  if (!known && !hidesUsers(client.settings)) return
  const source = 'PreAuthentication_Authentication'
  await runTrigger(app, pool, source, aboutSubject(signIn, subject), () => ({
    userAttributes: attributesOf(pool, user),
    validationData,
    ...whetherFound(signIn, subject),
  }))
}

/** Is told of a sign-in that is complete but for the tokens, and may keep them back. */
export async function postAuthentication(signIn: SignIn, user: User, newDeviceUsed: boolean): Promise<void> {
  const { app, pool, client, metadata } = signIn
  const about = { username: user.username, clientId: client.id }
  await runTrigger(app, pool, 'PostAuthentication_Authentication', about, () => ({
    userAttributes: attributesOf(pool, user),
    newDeviceUsed,
    clientMetadata: metadata,
  }))
}

/** What changes in the tokens that are about to be made. */
export async function preTokenGeneration(
  app: App,
  pool: Pool,
  source: TriggerSource & `TokenGeneration_${string}`,
  about: About,
  facts: () => Omit<PreTokenGenerationFacts, 'version'>,
): Promise<TokenOverrides | undefined> {
  return runTrigger(app, pool, source, about, (version) => ({ ...facts(), version }))
}

/** What follows the results so far. @throws Fault InvalidParameter where the pool has no such function */
export async function defineAuthChallenge(
  signIn: SignIn,
  subject: Subject,
  results: readonly CustomResult[],
): Promise<AnswerOf<'DefineAuthChallenge_Authentication'>> {
  const { app, pool, metadata } = signIn
  const source = 'DefineAuthChallenge_Authentication'
  const answer = await runTrigger(app, pool, source, aboutSubject(signIn, subject), () => ({
    userAttributes: attributesOf(pool, subject.user),
    session: results.map(shown),
    clientMetadata: metadata,
    ...whetherFound(signIn, subject),
  }))
  return answer ?? notConfigured()
}

/** A challenge of the pool's own making. @throws Fault InvalidParameter where the pool has no such function */
export async function createAuthChallenge(
  signIn: SignIn,
  subject: Subject,
  results: readonly CustomResult[],
): Promise<AnswerOf<'CreateAuthChallenge_Authentication'>> {
  const { app, pool, metadata } = signIn
  const source = 'CreateAuthChallenge_Authentication'
  const answer = await runTrigger(app, pool, source, aboutSubject(signIn, subject), () => ({
    userAttributes: attributesOf(pool, subject.user),
    challengeName: 'CUSTOM_CHALLENGE',
    session: results.map(shown),
    clientMetadata: metadata,
    ...whetherFound(signIn, subject),
  }))
  return answer ?? notConfigured()
}

/** Whether an answer is right. @throws Fault InvalidParameter where the pool has no such function */
export async function verifyAuthChallenge(
  signIn: SignIn,
  subject: Subject,
  privateChallengeParameters: Readonly<Record<string, string>>,
  challengeAnswer: string,
): Promise<boolean> {
  const { app, pool, metadata } = signIn
  const source = 'VerifyAuthChallengeResponse_Authentication'
  const answer = await runTrigger(app, pool, source, aboutSubject(signIn, subject), () => ({
    userAttributes: attributesOf(pool, subject.user),
    privateChallengeParameters,
    challengeAnswer,
    clientMetadata: metadata,
    ...whetherFound(signIn, subject),
  }))
  return (answer ?? notConfigured()).answerCorrect
}

const shown = ({ challengeName, challengeResult, challengeMetadata }: CustomResult) => ({
  challengeName,
  challengeResult,
  challengeMetadata: challengeMetadata ?? null,
})

function notConfigured(): never {
  throw new Fault('InvalidParameter', 'Custom auth lambda trigger is not configured for the user pool.')
}
