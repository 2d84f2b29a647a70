import type { Challenge } from '../domain/challenge.ts'
import { Fault } from '../domain/faults.ts'
import { OAuthError } from '../domain/oauth-error.ts'
import type { Progress } from '../domain/session.ts'
import { type SignInEvent, type Who, whereFrom, whoIs } from '../domain/trail-event.ts'
import type { SignIn, Step, Subject } from './step.ts'

/** What the witness of a call of a sign-in has seen. */
export interface Witnessed {
  readonly subject?: Subject
  readonly progress?: Progress
  readonly answered?: Challenge | undefined
}

/**
 * Runs one call of a sign-in, and tells the trail what it came to. What fails by the server's own fault is in the event of
 * its operation alone.
 */
export async function trailed<T>(
  signIn: SignIn,
  seen: Witnessed,
  comesTo: (result: T) => Result,
  run: () => Promise<T>,
): Promise<T> {
  const { trail } = signIn.app
  if (trail === undefined) return run()
  try {
    const result = await run()
    trail.record(eventOf(signIn, seen, comesTo(result)))
    return result
  } catch (error) {
    if (error instanceof Fault) trail.record(eventOf(signIn, seen, { result: 'Fail', fault: error.code }))
    // Somebody else's refusal, in words that are theirs.
    else if (error instanceof OAuthError) trail.record(eventOf(signIn, seen, { result: 'Fail' }))
    throw error
  }
}

/** What a call has come to. */
export type Result = Pick<SignInEvent, 'result' | 'asked' | 'fault'>

export const resultOfStep = (step: Step): Result =>
  step.kind === 'signed-in' ? { result: 'Pass' } : { result: 'InProgress', asked: step.name }

function eventOf(signIn: SignIn, { subject, progress, answered }: Witnessed, result: Result): SignInEvent {
  const { app, pool, client, now, source } = signIn
  const { requestId, operation, region = pool.region } = app
  const sub = subject?.user?.sub
  return {
    kind: 'sign-in',
    id: app.random.uuid(),
    time: new Date(now).toISOString(),
    ...(requestId !== undefined && { requestId }),
    ...(operation !== undefined && { operation }),
    accountId: app.site.accountId,
    region,
    source: whereFrom(source),
    who: whoOf(signIn),
    poolId: pool.id,
    clientId: client.id,
    ...(sub !== undefined && { sub }),
    ...(progress?.eventId !== undefined && { signInId: progress.eventId }),
    ...(progress && { flow: progress.flow }),
    ...(progress?.provider !== undefined && { provider: progress.provider }),
    ...(answered && { answered }),
    ...result,
  }
}

const whoOf = ({ app: { principal }, client }: SignIn): Who =>
  principal ? whoIs(principal, undefined) : { kind: 'client', clientId: client.id }
