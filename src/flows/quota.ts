import { canonical } from '../domain/alias.ts'
import { Fault } from '../domain/faults.ts'
import type { Username } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import type { User } from '../domain/user.ts'
import { hours, type Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import { digestOf } from './digest.ts'

/**
 * How often in an hour a user may do what costs a message or a guess. ForgotPassword and ConfirmForgotPassword share one
 * count; AWS allows 5 to 20 there, by the risk it sees in the caller, and here nobody assesses any.
 * Source: developer guide, "Quotas in Amazon Cognito".
 */
const hourly = {
  ConfirmSignUp: 15,
  ResendConfirmationCode: 5,
  ForgotPassword: 20,
  ChangePassword: 5,
  GetUserAttributeVerificationCode: 5,
  VerifyUserAttribute: 15,
} as const

/**
 * Counts an attempt, also one that comes to nothing.
 * @throws Fault AttemptLimit
 */
export async function countAttempt(
  app: App,
  pool: Pool,
  what: keyof typeof hourly,
  who: string,
  now: Instant,
): Promise<void> {
  const attempts = await app.store.quotas.count(pool.id, `${what} ${who}`, now - (now % hours(1)))
  if (attempts > hourly[what]) throw new Fault('AttemptLimit')
}

/**
 * Whom attempts count against: a name that stands for nobody is counted too, so that it is limited like any other. No
 * username has a space, so what stands for nobody is nobody's.
 */
export function countedAs(pool: Pool, name: string, user: User | undefined): Username {
  return user?.username ?? (`nobody ${digestOf(canonical(pool.identity, name))}` as Username)
}
