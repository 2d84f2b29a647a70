import { timingSafeEqual } from 'node:crypto'
import { Fault } from '../domain/faults.ts'
import { poolNameOf, type UserPoolId } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import { g, privateKey, WIDTH } from '../domain/srp.ts'
import type { StoredPassword, User } from '../domain/user.ts'
import { bytesFrom } from '../lib/bytes.ts'
import type { Instant } from '../lib/instant.ts'
import type { Secret } from '../lib/secret.ts'
import type { App } from '../ports/app.ts'
import type { Tables } from '../ports/store.ts'

/** What the store keeps of a new password: an SRP-6a verifier under a fresh salt, sealed. */
export async function hashPassword(
  app: App,
  poolId: UserPoolId,
  username: string,
  password: Secret,
  now: Instant,
): Promise<StoredPassword> {
  const salt = app.random.bytes(16)
  const verifier = await verifierOf(app, poolId, username, password, salt)
  return {
    salt: Buffer.from(salt).toString('hex'),
    sealedVerifier: app.vault.seal(verifier, sealContext(poolId, username)),
    setAt: now,
  }
}

/**
 * Whether this is the user's password. Without a user, or for one without a password, the same work is done and the
 * answer is no, so that the time does not tell who exists.
 */
export async function isPassword(
  app: App,
  pool: Pool,
  user: User | undefined,
  password: Secret,
): Promise<boolean> {
  const stored = user?.password
  if (user === undefined || stored === undefined) {
    await verifierOf(app, pool.id, 'nobody', password, absentSalt)
    return false
  }
  const salt = Buffer.from(stored.salt, 'hex')
  const given = await verifierOf(app, pool.id, user.username, password, salt)
  return timingSafeEqual(given, verifierFor(app, user, stored))
}

/** A user's verifier, opened. */
export function verifierFor(app: App, user: User, stored: StoredPassword): Uint8Array {
  return app.vault.open(stored.sealedVerifier, sealContext(user.poolId, user.username))
}

const absentSalt = new Uint8Array(16).fill(1)

const sealContext = (poolId: UserPoolId, username: string) => `password ${poolId} ${username}`

function verifierOf(app: App, poolId: UserPoolId, username: string, password: Secret, salt: Uint8Array) {
  const x = privateKey(poolNameOf(poolId), username, password, salt)
  return app.modexp
    .power(bytesFrom(g), bytesFrom(x, 32))
    .then((verifier) => Buffer.from(verifier).subarray(-WIDTH))
}

/**
 * A user with a new password, and what must be written along with it. The passwords that the policy counts, the present
 * one first, cannot be used again.
 * @throws Fault PasswordInHistory
 */
export async function setPassword(
  app: App,
  pool: Pool,
  user: User,
  password: Secret,
  now: Instant,
): Promise<{ changed: User; along: (store: Tables) => Promise<void> }> {
  const size = pool.settings.Policies.PasswordPolicy.PasswordHistorySize ?? 0
  await mustBeNew(app, pool, user, password, size)
  const former = user.password
  return {
    changed: { ...user, password: await hashPassword(app, pool.id, user.username, password, now) },
    async along(store) {
      // The present password is with the user: the history has those before it.
      if (former !== undefined && size > 1)
        await store.passwordHistory.add(pool.id, user.username, former, size - 1)
    },
  }
}

async function mustBeNew(app: App, pool: Pool, user: User, password: Secret, size: number): Promise<void> {
  const former = size > 1 ? await app.store.passwordHistory.list(pool.id, user.username, size - 1) : []
  const counted = size === 0 || user.password === undefined ? former : [user.password, ...former]
  const matches = await Promise.all(
    counted.map((stored) => isPassword(app, pool, { ...user, password: stored }, password)),
  )
  if (matches.includes(true)) throw new Fault('PasswordInHistory')
}
