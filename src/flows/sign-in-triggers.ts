import { hidesUsers } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import type { Pool } from '../domain/pool.ts'
import type { CustomResult } from '../domain/session.ts'
import { type AnswerOf, eventAttributes } from '../domain/trigger-event.ts'
import type { User } from '../domain/user.ts'
import type { SignIn, Subject } from './step.ts'
import { type About, runTrigger } from './triggers.ts'

/** The triggers around a sign-in, and those that make one of their own. */

/** Who signs in, as events name them: the user, or the name that nobody has. */
function aboutSubject({ client }: SignIn, { name, user }: Subject): About {
  return { username: user?.username ?? name, clientId: client.id }
}

const attributesOf = (pool: Pool, user: User | undefined) => (user ? eventAttributes(pool, user) : {})

/** Where the client hides who exists, functions are told whom nobody is, and must hide it too. */
function whetherFound({ client }: SignIn, { user }: Subject) {
  return hidesUsers(client.settings) ? { userNotFound: user === undefined } : {}
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
