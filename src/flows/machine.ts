import type { Challenge } from '../domain/challenge.ts'
import { lifetimes } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import { mustBeServedIn } from '../domain/replica.ts'
import type { AuthSession, Progress } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import { Secret } from '../lib/secret.ts'
import type { Tables } from '../ports/store.ts'
import { challenges, unstored } from './challenges/table.ts'
import { completeSignIn } from './complete.ts'
import { codeDigestOf, digestOf } from './digest.ts'
import { decideNext } from './next.ts'
import { saveUser } from './save-user.ts'
import { newSessionText } from './session-text.ts'
import type { Next, Outcome, Parameters, SignIn, Step, Subject } from './step.ts'

/**
 * The machine between two calls of a sign-in: what an answer has come to is written, what follows is asked. Every session
 * is stored and taken here, and no challenge starts another.
 */

/** The session that a call answers, and the string that it is stored under. */
export interface Given {
  readonly session: AuthSession
  readonly text: string | undefined
}

/** What is written together with the next session, or with the end of the sign-in. */
export interface Write {
  readonly before: User | undefined
  readonly after: User | undefined
  readonly taken: Given | undefined
  readonly along: ((store: Tables) => Promise<void>) | undefined
}

/** What an answer leads to. */
export async function advance(
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

const nothing: Write = { before: undefined, after: undefined, taken: undefined, along: undefined }

const withAlong = (write: Write = nothing, more: (store: Tables) => Promise<void>): Write => ({
  ...write,
  async along(store) {
    await write.along?.(store)
    await more(store)
  },
})

/** Decides what follows, and does it. */
export async function proceed(
  signIn: SignIn,
  subject: Subject,
  progress: Progress,
  responses: Parameters,
  write?: Write,
): Promise<Step> {
  const { next, notice, ...rated } = await decideNext(signIn, subject, progress, responses).catch(
    async (error) => {
      if (error instanceof Fault && error.code === 'CustomAuthRefused') await giveUp(signIn, write)
      throw error
    },
  )
  const step = await follow(signIn, subject, next, rated.progress, notice ? withAlong(write, notice) : write)
  if (notice) signIn.app.outbox.kick()
  return step
}

/** A sign-in that DefineAuthChallenge has failed is over: its last challenge is not open to another guess. */
async function giveUp({ app, pool }: SignIn, write: Write | undefined): Promise<void> {
  const answered = write?.taken?.session
  if (answered !== undefined && answered.digest !== unstored)
    await app.store.authSessions.take(pool.id, answered.digest)
}

async function follow(
  signIn: SignIn,
  subject: Subject,
  next: Next,
  progress: Progress,
  write: Write | undefined,
): Promise<Step> {
  if (next.kind === 'challenge') return ask(signIn, subject, next, progress, write)
  const { user } = subject
  if (user === undefined) throw new Fault('IncorrectCredentials')
  return completeSignIn(signIn, user, progress, async (store) => {
    const saved = await commit(signIn, store, write)
    const answered = write?.taken?.session
    if (answered !== undefined && answered.digest !== unstored)
      await store.authSessions.put({ ...answered, challenge: 'DONE', question: {} })
    return saved ?? user
  })
}

/**
 * Begins a challenge; where the call brought its answer along (a password, an A), the answer is judged at once and no
 * session is spent on it.
 */
export async function begin(
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
    const next = { kind: 'challenge', challenge, input: responses, ...(available && { available }) } as const
    return ask(signIn, subject, next, progress, write)
  }
  const session: AuthSession = { ...sessionOf(signIn, subject, challenge, progress), digest: unstored }
  const outcome = await challenges[challenge].judge({ signIn, subject, session, responses })
  return advance(signIn, subject, session, outcome, responses, write?.taken)
}

/** The parameter whose presence means that a challenge is answered in the call that begins it. */
const carriedAnswer: Partial<Record<Challenge, string>> = { PASSWORD: 'PASSWORD', PASSWORD_SRP: 'SRP_A' }

/** Asks: stores a session for the challenge and hands out its string. The session before it is used up. */
export async function ask(
  signIn: SignIn,
  subject: Subject,
  next: Next & { kind: 'challenge' },
  progress: Progress,
  write?: Write,
): Promise<Step> {
  const { app, pool } = signIn
  const { challenge, input, available } = next
  mustBeServedIn(pool, challenge)
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
      ...sessionOf(signIn, subject, challenge, progress),
      digest,
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

function sessionOf(
  { pool, client, now }: SignIn,
  { name, user }: Subject,
  challenge: Challenge,
  progress: Progress,
): Omit<AuthSession, 'digest'> {
  return {
    poolId: pool.id,
    clientId: client.id,
    username: user?.username ?? (name as AuthSession['username']),
    name,
    challenge,
    startedAt: now,
    expiresAt: now + lifetimes(client.settings).session,
    attempts: 0,
    progress,
    question: {},
  }
}

/**
 * Takes the session that was answered, and saves what the answer changed. Of two answers that race, one finds it gone.
 * @throws Fault SessionUsed
 */
async function commit(
  { pool, now }: SignIn,
  store: Tables,
  write: Write | undefined,
): Promise<User | undefined> {
  if (write === undefined) return undefined
  const { taken, before, after, along } = write
  if (taken !== undefined && taken.session.digest !== unstored) {
    const { poolId, digest, challenge } = taken.session
    const row = await store.authSessions.take(poolId, digest)
    if (row?.challenge !== challenge) throw new Fault('SessionUsed')
  }
  const saved =
    before !== undefined && after !== undefined && after !== before
      ? await saveUser(store, pool, before, after, now)
      : undefined
  await along?.(store)
  return saved
}
