import { timingSafeEqual } from 'node:crypto'
import { Fault } from '../domain/faults.ts'
import { poolNameOf, type UserPoolId } from '../domain/ids.ts'
import { type HashAlgorithm, nobodysHash, readPasswordHash } from '../domain/password-hash.ts'
import type { Pool } from '../domain/pool.ts'
import { g, privateKey, WIDTH } from '../domain/srp.ts'
import {
  type ImportedPassword,
  isImported,
  type SrpPassword,
  type StoredPassword,
  type User,
} from '../domain/user.ts'
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
): Promise<SrpPassword> {
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
 * answer is no, so that the time does not tell who exists. Where hashes were imported that work is both: a power, and as
 * dear a hash as any of them.
 */
export async function isPassword(
  app: App,
  pool: Pool,
  user: User | undefined,
  password: Secret,
): Promise<boolean> {
  const stored = user?.password
  const imported = stored !== undefined && isImported(stored)
  const [byVerifier, byHash] = await Promise.all([
    user === undefined || stored === undefined || imported
      ? matchesNothing(app, pool, password)
      : matchesVerifier(app, user, stored, password),
    user !== undefined && imported
      ? matchesHash(app, user, stored, password)
      : pool.importedHash !== undefined &&
        app.passwordHashes.matches(nobodysHash(pool.importedHash), password),
  ])
  return imported ? byHash : byVerifier
}

/** The same of one password that a user has or had, in the time that it takes. */
async function matches(app: App, user: User, stored: StoredPassword, password: Secret): Promise<boolean> {
  return isImported(stored)
    ? matchesHash(app, user, stored, password)
    : matchesVerifier(app, user, stored, password)
}

async function matchesVerifier(
  app: App,
  user: User,
  stored: SrpPassword,
  password: Secret,
): Promise<boolean> {
  const salt = Buffer.from(stored.salt, 'hex')
  const given = await verifierOf(app, user.poolId, user.username, password, salt)
  return timingSafeEqual(given, verifierFor(app, user, stored))
}

async function matchesNothing(app: App, pool: Pool, password: Secret): Promise<false> {
  await verifierOf(app, pool.id, 'nobody', password, absentSalt)
  return false
}

function matchesHash(
  app: App,
  { poolId, username }: User,
  { algorithm, sealedHash }: ImportedPassword,
  password: Secret,
): Promise<boolean> {
  const text = Buffer.from(app.vault.open(sealedHash, importContext(poolId, username))).toString()
  return app.passwordHashes.matches(readPasswordHash(algorithm, text), password)
}

/** A user's verifier, opened. */
export function verifierFor(app: App, user: User, stored: SrpPassword): Uint8Array {
  return app.vault.open(stored.sealedVerifier, sealContext(user.poolId, user.username))
}

/** What the store keeps of a hash that an import brought along. */
export function sealHash(
  app: App,
  poolId: UserPoolId,
  username: string,
  algorithm: HashAlgorithm,
  hash: string,
  now: Instant,
): ImportedPassword {
  const sealedHash = app.vault.seal(Buffer.from(hash), importContext(poolId, username))
  return { algorithm, sealedHash, setAt: now }
}

/**
 * The user with a verifier in the place of an imported hash, now that the password is known, or nothing where there is
 * none to replace. It is the same password, set when it was.
 */
export async function withVerifier(app: App, user: User, password: Secret): Promise<User | undefined> {
  const stored = user.password
  if (stored === undefined || !isImported(stored)) return undefined
  return { ...user, password: await hashPassword(app, user.poolId, user.username, password, stored.setAt) }
}

const absentSalt = new Uint8Array(16).fill(1)

const sealContext = (poolId: UserPoolId, username: string) => `password ${poolId} ${username}`
const importContext = (poolId: UserPoolId, username: string) => `imported password ${poolId} ${username}`

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
  const matching = await Promise.all(counted.map((stored) => matches(app, user, stored, password)))
  if (matching.includes(true)) throw new Fault('PasswordInHistory')
}
