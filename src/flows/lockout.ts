import { Fault } from '../domain/faults.ts'
import { another, countedIn, lockedUntil } from '../domain/lockout.ts'
import type { Tables } from '../ports/store.ts'
import { countedAs } from './quota.ts'
import type { SignIn, Subject } from './step.ts'

/**
 * Wrong passwords and MFA codes lock a user for longer and longer. A name that nobody has is counted like any other,
 * so that it locks like any other.
 */

/** @throws Fault TooManyPasswordAttempts while locked; the attempt does not count */
export async function mustNotBeLocked(signIn: SignIn, subject: Subject): Promise<void> {
  const { app, pool, now } = signIn
  const failures = await app.store.failures.find(pool.id, keyOf(signIn, subject))
  if (now < lockedUntil(failures)) throw new Fault('TooManyPasswordAttempts')
}

/**
 * The same once more, where a right answer is written: it is a guess like any other, and of many that are tried at once it
 * takes its turn behind the wrong ones before it.
 * @throws Fault TooManyPasswordAttempts
 */
export async function mustStillNotBeLocked(signIn: SignIn, subject: Subject, store: Tables): Promise<void> {
  const { pool, now } = signIn
  const failures = await store.failures.hold(pool.id, keyOf(signIn, subject))
  if (now < lockedUntil(failures)) throw new Fault('TooManyPasswordAttempts')
}

/**
 * Counts one at a time. Of many that are tried at once, those that come after the lock are told of the lock: they are
 * worth no more than if they had been tried one after the other.
 * @throws Fault TooManyPasswordAttempts
 */
export async function countFailure(signIn: SignIn, subject: Subject): Promise<void> {
  const { app, pool, now } = signIn
  const key = keyOf(signIn, subject)
  await app.store.transaction(async (store) => {
    const failures = await store.failures.hold(pool.id, key)
    if (now < lockedUntil(failures)) throw new Fault('TooManyPasswordAttempts')
    await store.failures.save(pool.id, key, another(failures, now))
  })
}

const keyOf = ({ pool }: SignIn, { name, user }: Subject): string =>
  countedIn(pool, countedAs(pool, name, user))
