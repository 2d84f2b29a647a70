import {
  type AuthEvent,
  type AuthEventType,
  type ChallengeResult,
  continued,
  type Feedback,
  isCustomProtected,
  isProtected,
  keptFor,
  keptForNobody,
  resultsOf,
} from '../domain/auth-event.ts'
import type { Challenge } from '../domain/challenge.ts'
import { Fault, type FaultCode } from '../domain/faults.ts'
import type { ClientId, Username, UserPoolId } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import { combined, type EventRisk, type Place } from '../domain/risk.ts'
import type { Progress } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import { deviceName } from '../domain/user-agent.ts'
import type { Instant } from '../lib/instant.ts'
import { Secret } from '../lib/secret.ts'
import type { App, Source, WithinCall } from '../ports/app.ts'
import type { Tables } from '../ports/store.ts'
import { findUser } from './find-user.ts'
import { logEvent } from './pool-logs.ts'
import { countedAs } from './quota.ts'
import type { ChallengeRules, SignIn, Step, Subject } from './step.ts'
import { type Result, resultOfStep, trailed } from './trail.ts'

/**
 * The record of what users do, for pools with threat protection. An event is durable before its call is answered: no
 * token is out whose sign-in is not on record. For a name that nobody has the same is written, so that the time it takes
 * tells nothing. Once it is durable, it goes into the pool's logs.
 */

/** A call, as far as its event tells of it. */
export interface Occasion {
  readonly app: WithinCall
  readonly pool: Pool
  /** Where it is made, or where its access token was issued. */
  readonly client: { readonly id: ClientId }
  readonly now: Instant
  readonly source: Source
  /** Is told what threat protection finds. */
  readonly assessed?: (risk: EventRisk) => void
}

interface Seen {
  subject?: Subject
  progress?: Progress
  answered: Challenge | undefined
  readonly results: ChallengeResult[]
  risk?: EventRisk
}

/** Whoever is told what threat protection finds remembers it for the record. */
const noting = (seen: { risk?: EventRisk }) => (risk: EventRisk) => {
  seen.risk = combined(seen.risk, risk)
}

/**
 * Runs one call of a sign-in, which begins it or answers a challenge. All calls of a sign-in are one event, in progress
 * until tokens or a refusal come of it. The trail is told of each.
 */
export const recordSignIn = (
  signIn: SignIn,
  answered: Challenge | undefined,
  run: (signIn: SignIn) => Promise<Step>,
): Promise<Step> => watched(signIn, answered, resultOfStep, run)

/** Runs a sign-in by way of an identity provider: it is one call, and passes or fails. */
export const recordFederated = <T>(signIn: SignIn, run: (signIn: SignIn) => Promise<T>): Promise<T> =>
  watched(signIn, undefined, () => ({ result: 'Pass' }), run)

async function watched<T>(
  signIn: SignIn,
  answered: Challenge | undefined,
  comesTo: (result: T) => Result,
  run: (signIn: SignIn) => Promise<T>,
): Promise<T> {
  const seen: Seen = { answered, results: [] }
  const witness = {
    entered(subject: Subject, progress: Progress) {
      Object.assign(seen, { subject, progress })
      if (subject.user !== undefined) signIn.app.about?.(subject.user)
    },
    judged(challenge: Challenge, refused: FaultCode | undefined) {
      seen.answered = challenge
      seen.results.push(...resultsOf(challenge, refused))
    },
  }
  const observed = { ...signIn, witness, assessed: noting(seen) }
  return trailed(signIn, seen, comesTo, () => recordedSignIn(observed, seen, comesTo, run))
}

/** Whoever is not protected is not on record. */
async function recordedSignIn<T>(
  signIn: SignIn,
  seen: Seen,
  comesTo: (result: T) => Result,
  run: (signIn: SignIn) => Promise<T>,
): Promise<T> {
  if (!isProtected(signIn.pool)) return run(signIn)
  return recorded(
    () => run(signIn),
    (result) => comesTo(result).result,
    async (response) => {
      const { subject, progress, results, risk } = seen
      const id = progress?.eventId
      // A refresh, and what was refused before anybody was named, are no sign-in.
      if (subject === undefined || id === undefined) return
      if (progress?.flow === 'custom' && !isCustomProtected(signIn.pool)) return
      const provider = progress?.provider
      const event = {
        ...newEvent(signIn, subject, 'SignIn', id),
        ...(provider !== undefined && { provider }),
      }
      await commit(signIn, subject.user, { event, response, results, risk })
    },
  )
}

/** Challenges that tell the witness of a sign-in how its answers were judged. */
export function witnessed(rules: Record<Challenge, ChallengeRules>): Record<Challenge, ChallengeRules> {
  const entries = Object.entries(rules) as [Challenge, ChallengeRules][]
  return Object.fromEntries(
    entries.map(([challenge, { begin, judge }]) => [
      challenge,
      { begin, judge: witnessedJudge(challenge, judge) },
    ]),
  ) as Record<Challenge, ChallengeRules>
}

function witnessedJudge(challenge: Challenge, judge: ChallengeRules['judge']): ChallengeRules['judge'] {
  return async (answer) => {
    const { witness } = answer.signIn
    try {
      const outcome = await judge(answer)
      if (outcome.kind === 'proven') witness?.judged(challenge, undefined)
      return outcome
    } catch (error) {
      if (error instanceof Fault) witness?.judged(challenge, error.code)
      throw error
    }
  }
}

/** Runs a call that is an event by itself, of the user whom it names or who makes it. */
export async function recordCall<C extends Occasion, T>(
  occasion: C,
  type: Exclude<AuthEventType, 'SignIn'>,
  who: string | User,
  run: (occasion: C) => Promise<T>,
): Promise<T> {
  const { app, pool } = occasion
  if (!isProtected(pool)) return run(occasion)
  const seen: { risk?: EventRisk } = {}
  return recorded(
    () => run({ ...occasion, assessed: noting(seen) }),
    () => 'Pass',
    async (response) => {
      const subject =
        typeof who === 'string'
          ? { name: who, user: await findUser(app.store, pool, who) }
          : { name: who.username, user: who }
      const event = newEvent(occasion, subject, type, app.random.uuid())
      await commit(occasion, subject.user, { event, response, results: [], risk: seen.risk })
    },
  )
}

/** Records a call that has passed, in the transaction that it makes anyway. Returns what to do after the commit. */
export async function recordAlong(
  store: Tables,
  occasion: Occasion,
  user: User,
  type: Exclude<AuthEventType, 'SignIn'>,
  risk?: EventRisk,
): Promise<() => void> {
  const { app, pool } = occasion
  if (!isProtected(pool)) return () => {}
  const event = newEvent(occasion, { name: user.username, user }, type, app.random.uuid())
  const written = await write(store, { event, response: 'Pass', results: [], risk })
  return () => log(occasion, user, written)
}

/** A request that is not even well-formed was no attempt; whatever else refuses one has failed it. */
async function recorded<T>(
  run: () => Promise<T>,
  responseOf: (result: T) => AuthEvent['response'],
  record: (response: AuthEvent['response']) => Promise<void>,
): Promise<T> {
  let result: T
  try {
    result = await run()
  } catch (error) {
    if (error instanceof Fault && error.code !== 'InvalidParameter') await record('Fail')
    throw error
  }
  await record(responseOf(result))
  return result
}

function newEvent(
  { pool, now, source }: Occasion,
  { name, user }: Subject,
  type: AuthEventType,
  id: string,
): AuthEvent {
  return {
    poolId: pool.id,
    username: countedAs(pool, name, user) as Username,
    id,
    type,
    at: now,
    expiresAt: now + (user === undefined ? keptForNobody : keptFor),
    response: 'InProgress',
    challenges: [],
    context: placeOf(source),
  }
}

/** Where a call comes from, as events have it. */
export const placeOf = ({ address, userAgent }: Source): Place => ({
  ip: address,
  ...(userAgent !== undefined && { device: deviceName(userAgent) }),
})

/** What a call adds to an event. */
interface Attempt {
  readonly event: AuthEvent
  readonly response: AuthEvent['response']
  readonly results: readonly ChallengeResult[]
  readonly risk: EventRisk | undefined
}

/** Returns the event as it stands now; nothing where it had passed before, and the call has changed nothing. */
async function write(
  store: Tables,
  { event, response, results, risk }: Attempt,
): Promise<AuthEvent | undefined> {
  const standing = await store.authEvents.hold(event)
  const after = continued(standing, response, results, risk)
  await store.authEvents.save(after)
  return after === standing ? undefined : after
}

async function commit(occasion: Occasion, user: User | undefined, attempt: Attempt): Promise<void> {
  log(occasion, user, await occasion.app.store.transaction((store) => write(store, attempt)))
}

function log(
  { app, pool, client, now, source }: Occasion,
  user: User | undefined,
  event: AuthEvent | undefined,
): void {
  if (event === undefined) return
  logEvent(app, pool, event, { at: now, user, clientId: client.id, requestId: source.requestId })
}

/** Puts what somebody says of an event in the place of what was said before. @throws Fault AuthEventNotFound */
export async function giveFeedback(
  { app, pool, requestId }: FeedbackCall,
  user: User,
  eventId: string,
  feedback: Feedback,
): Promise<void> {
  const event = await app.store.transaction(async (store) => {
    const found = await store.authEvents.find(user.poolId, user.username, eventId)
    if (found === undefined) throw new Fault('AuthEventNotFound', eventId)
    const judged = { ...(await store.authEvents.hold(found)), feedback }
    await store.authEvents.save(judged)
    return judged
  })
  logEvent(app, pool, event, { at: feedback.at, user, clientId: undefined, requestId })
}

interface FeedbackCall {
  readonly app: App
  readonly pool: Pool
  readonly requestId?: string
}

/**
 * What lets whoever reads a mail about an event say whether it was them: it is good for that event alone, and for as long
 * as the event is kept.
 */
export const feedbackTokenFor = (app: App, poolId: UserPoolId, username: string, eventId: string): Secret =>
  new Secret(Buffer.from(app.vault.mac(`feedback ${poolId} ${username} ${eventId}`)).toString('base64url'))

/** Where whoever reads the mail says it with one more click: a page of this server. */
export function feedbackLink(
  app: App,
  poolId: UserPoolId,
  username: string,
  eventId: string,
  value: 'valid' | 'invalid',
): string {
  const token = feedbackTokenFor(app, poolId, username, eventId).reveal()
  const query = new URLSearchParams({ pool: poolId, user: username, event: eventId, token, value })
  return `${app.site.publicUrl}/feedback?${query}`
}

/** What a mail about an event holds. */
export interface Mailed {
  readonly username: string
  readonly eventId: string
  readonly token: string
}

/**
 * Whose event a mail is about. Its token is looked at before anybody is told who exists: to whom it is wrong, every name is
 * the same.
 * @throws Fault InvalidFeedbackToken, UserNotFound
 */
export async function mailedSubject(
  app: App,
  pool: Pool,
  { username, eventId, token }: Mailed,
): Promise<{ pool: Pool; user: User }> {
  const user = await findUser(app.store, pool, username)
  const expected = feedbackTokenFor(app, pool.id, user?.username ?? username, eventId)
  if (!expected.matches(token)) throw new Fault('InvalidFeedbackToken')
  if (user === undefined) throw new Fault('UserNotFound')
  return { pool, user }
}
