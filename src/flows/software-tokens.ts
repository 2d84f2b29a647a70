import { lifetimes } from '../domain/client.ts'
import { codeLifetime } from '../domain/code.ts'
import { Fault } from '../domain/faults.ts'
import { withoutFactor } from '../domain/mfa.ts'
import type { Pool } from '../domain/pool.ts'
import type { AuthSession } from '../domain/session.ts'
import { matchingStep, totpKeyBytes } from '../domain/totp.ts'
import { mustBeConfirmed, type User } from '../domain/user.ts'
import { base32 } from '../lib/base32.ts'
import type { Instant } from '../lib/instant.ts'
import { Secret } from '../lib/secret.ts'
import type { App } from '../ports/app.ts'
import type { Tables } from '../ports/store.ts'
import { digestOf } from './digest.ts'
import { saveUser } from './save-user.ts'
import { newSessionText, poolOfSession } from './session-text.ts'

/**
 * Setting up an authenticator app: a key is handed out, and counts from the first code that was made with it. Until then
 * it waits, with the user or in the session of a sign-in that must set up a factor, and an older one stays in force.
 */

/** Somebody who sets up an app: signed in, or on the way, with a session of the MFA_SETUP challenge. */
export interface Enrolment {
  readonly pool: Pool
  readonly user: User
  readonly session?: AuthSession
}

/** A session string is for its bearer only. */
interface Renewed {
  readonly session?: Secret
}

/** The sign-in behind a session string that AssociateSoftwareToken or VerifySoftwareToken is given. */
export async function findEnrolment(
  app: App,
  text: string,
  now: Instant,
  region: string | undefined,
): Promise<Enrolment> {
  const poolId = poolOfSession(text)
  const pool = poolId && (await app.store.pools.find(poolId, region))
  const session = pool && (await app.store.authSessions.find(pool.id, digestOf(text)))
  if (pool === undefined || session?.challenge !== 'MFA_SETUP') throw new Fault('InvalidSession')
  const user = await app.store.users.find(pool.id, session.username)
  if (user === undefined) throw new Fault('InvalidSession')
  if (now >= session.expiresAt) throw new Fault('SessionExpired')
  if (!user.enabled) throw new Fault('UserDisabled')
  return { pool, user, session }
}

/** Hands out a new key, in base32 as apps take it. */
export async function associate(
  app: App,
  { pool, user, session }: Enrolment,
  now: Instant,
): Promise<Renewed & { secret: Secret }> {
  mustOffer(pool)
  const key = app.random.bytes(totpKeyBytes)
  const secret = new Secret(base32(key))
  const sealed = app.vault.seal(key, context(pool.id, user.username))
  if (session !== undefined)
    return { secret, ...(await renew(app, session, { sealed, verified: false }, now)) }
  await app.store.codes.put({
    poolId: pool.id,
    username: user.username,
    purpose: 'software token',
    digest: digestOf(sealed),
    expiresAt: now + codeLifetime['software token'],
    value: sealed,
  })
  return { secret }
}

/** What an app shows, and what it is called. */
export interface Verification {
  readonly code: string
  readonly deviceName: string | undefined
}

/**
 * A code that was made with the key puts it into force, and is used up.
 * @throws Fault SoftwareTokensOff, SoftwareTokenNotFound, SoftwareTokenMismatch, SoftwareTokenVerified
 */
export async function verify(
  app: App,
  { pool, user, session }: Enrolment,
  given: Verification,
  now: Instant,
): Promise<Renewed> {
  mustOffer(pool)
  // PostgreSQL keeps every character but this one.
  if (given.deviceName?.includes('\0'))
    throw new Fault('InvalidParameter', 'FriendlyDeviceName has an invalid character.')
  if (session !== undefined) return verifyInSession(app, user, session, given, now)
  mustBeConfirmed(user)
  const { store } = app
  const waiting = await store.codes.find(pool.id, user.username, 'software token')
  const fresh = waiting !== undefined && now < waiting.expiresAt ? waiting : undefined
  const standing = await store.softwareTokens.find(pool.id, user.username)
  const sealed = fresh?.value ?? standing?.sealed
  if (sealed === undefined) throw new Fault('SoftwareTokenNotFound')
  const lastStep = mustMatch(app, user, sealed, given.code, now)
  await store.transaction(async (store) => {
    const won = fresh
      ? await store.codes.take(fresh)
      : await store.softwareTokens.use(pool.id, user.username, lastStep)
    if (!won) throw new Fault('SoftwareTokenVerified')
    const deviceName = given.deviceName ?? (fresh ? undefined : standing?.deviceName)
    await saveToken(store, user, { sealed, lastStep, deviceName })
  })
  return {}
}

async function verifyInSession(
  app: App,
  user: User,
  session: AuthSession,
  { code, deviceName }: Verification,
  now: Instant,
): Promise<Renewed> {
  const { softwareToken } = session.question
  if (softwareToken === undefined) throw new Fault('InvalidSession')
  const { sealed } = softwareToken
  const step = mustMatch(app, user, sealed, code, now)
  if (softwareToken.verified && step <= (softwareToken.step ?? 0)) throw new Fault('SoftwareTokenVerified')
  return renew(app, session, { sealed, verified: true, step, ...(deviceName && { deviceName }) }, now)
}

/** The session with what became of the token, under a new string: the one before is used up. */
async function renew(
  app: App,
  session: AuthSession,
  softwareToken: NonNullable<AuthSession['question']['softwareToken']>,
  now: Instant,
): Promise<{ session: Secret }> {
  const client = await app.store.clients.find(session.poolId, session.clientId)
  if (client === undefined) throw new Fault('InvalidSession')
  const text = newSessionText(app, session.poolId)
  await app.store.transaction(async (store) => {
    if ((await store.authSessions.take(session.poolId, session.digest)) === undefined)
      throw new Fault('InvalidSession')
    await store.authSessions.put({
      ...session,
      digest: digestOf(text),
      expiresAt: now + lifetimes(client.settings).session,
      question: { ...session.question, softwareToken },
    })
  })
  return { session: new Secret(text) }
}

/** With the token goes what is being set up, and the user's wish to be asked for it. @throws Fault UserNotConfirmed */
export async function deleteSoftwareToken(app: App, pool: Pool, user: User, now: Instant): Promise<void> {
  if (user.status === 'UNCONFIRMED') throw new Fault('UserNotConfirmed')
  const { username, mfa } = user
  await app.store.transaction(async (store) => {
    await store.softwareTokens.delete(pool.id, username)
    const waiting = await store.codes.find(pool.id, username, 'software token')
    if (waiting) await store.codes.take(waiting)
    await saveUser(store, pool, user, { ...user, mfa: withoutFactor(mfa, 'SOFTWARE_TOKEN_MFA') }, now)
  })
}

/** Writes a token whose key has proven itself, in place of the one before. */
export function saveToken(
  store: Tables,
  { poolId, username }: User,
  token: { sealed: string; lastStep: number; deviceName?: string | undefined },
): Promise<void> {
  const { sealed, lastStep, deviceName } = token
  return store.softwareTokens.save({ poolId, username, sealed, lastStep, ...(deviceName && { deviceName }) })
}

/** The time step of a code that was made with a sealed key. */
export function stepOf(
  app: App,
  { poolId, username }: User,
  sealed: string,
  code: string,
  now: Instant,
): number | undefined {
  return matchingStep(app.vault.open(sealed, context(poolId, username)), code, now)
}

/** @throws Fault SoftwareTokenMismatch */
function mustMatch(app: App, user: User, sealed: string, code: string, now: Instant): number {
  const step = stepOf(app, user, sealed, code, now)
  if (step === undefined) throw new Fault('SoftwareTokenMismatch')
  return step
}

/** Those who have an app keep it when the pool offers apps no longer. @throws Fault SoftwareTokensOff */
function mustOffer(pool: Pool): void {
  if (!pool.mfa.softwareToken) throw new Fault('SoftwareTokensOff')
}

const context = (poolId: string, username: string) => `software token ${poolId} ${username}`
