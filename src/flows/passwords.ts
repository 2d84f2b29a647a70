import { timingSafeEqual } from 'node:crypto'
import { poolNameOf, type UserPoolId } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import { g, privateKey, WIDTH } from '../domain/srp.ts'
import type { StoredPassword, User } from '../domain/user.ts'
import { bytesFrom } from '../lib/bytes.ts'
import type { Instant } from '../lib/instant.ts'
import type { Secret } from '../lib/secret.ts'
import type { App } from '../ports/app.ts'

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
  return timingSafeEqual(given, app.vault.open(stored.sealedVerifier, sealContext(pool.id, user.username)))
}

const absentSalt = new Uint8Array(16).fill(1)

const sealContext = (poolId: UserPoolId, username: string) => `password ${poolId} ${username}`

function verifierOf(app: App, poolId: UserPoolId, username: string, password: Secret, salt: Uint8Array) {
  const x = privateKey(poolNameOf(poolId), username, password, salt)
  return app.modexp
    .power(bytesFrom(g), bytesFrom(x, 32))
    .then((verifier) => Buffer.from(verifier).subarray(-WIDTH))
}
