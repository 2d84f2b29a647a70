import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { CompactEncrypt } from 'jose'
import type { Client } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import type { Pool } from '../domain/pool.ts'
import type { TokenSession } from '../domain/session.ts'
import { type Instant, seconds } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import type { Retirement, Tables } from '../ports/store.ts'
import { digestOf } from './digest.ts'

const makeKeyPair = promisify(generateKeyPair)
let recipient: Promise<KeyObject> | undefined

/**
 * A refresh token: to clients an opaque JWE, as the real one. Nobody ever opens it, since the store finds its session
 * by digest; so it is encrypted to a key whose private half is forgotten when it is made, and holds random bytes.
 */
export async function makeRefreshToken(app: App, pool: Pool): Promise<string> {
  recipient ??= makeKeyPair('rsa', { modulusLength: 2048 }).then(({ publicKey }) => publicKey)
  const content = Buffer.concat([Buffer.from(pool.id), app.random.bytes(32)])
  return new CompactEncrypt(content)
    .setProtectedHeader({ cty: 'JWT', enc: 'A256GCM', alg: 'RSA-OAEP' })
    .encrypt(await recipient)
}

/** What a refresh token stands for, in whatever state. */
export interface FoundToken {
  readonly session: TokenSession
  readonly digest: string
  /** It was rotated away. */
  readonly retired?: Retirement
}

/** The session of a refresh token, whichever client it belongs to. */
export async function findRefreshToken(
  store: Tables,
  pool: Pool,
  token: string,
): Promise<FoundToken | undefined> {
  const digest = digestOf(token)
  const session = await store.tokenSessions.findByRefreshToken(pool.id, digest)
  if (session !== undefined) return { session, digest }
  const retired = await store.tokenSessions.findRetired(pool.id, digest)
  return retired && { session: retired.session, digest, retired }
}

/** Whether a token can refresh at all. @throws Fault RefreshTokenRevoked, RefreshTokenExpired */
export function mustBeInForce({ session }: FoundToken, now: Instant): void {
  if (session.revokedAt !== undefined) throw new Fault('RefreshTokenRevoked')
  if (now >= session.expiresAt) throw new Fault('RefreshTokenExpired')
}

/**
 * Whether a token that was rotated away refreshes still. Where there is no grace period it never does: a request that
 * came first by its own clock, and second to the row, is no exception.
 */
export const isInGrace = ({ at, graceUntil }: Retirement, now: Instant): boolean =>
  at < graceUntil && now < graceUntil

/**
 * The refresh token that goes back to the client along with the new tokens: none where the client does not rotate. Of
 * several requests that race the first puts a new token in the old one's place; the others, and whoever tries again
 * within the grace period, are given the same one. A session has one line of descent so, and nobody who was answered
 * too late is left behind.
 * @throws StaleRow for those who lost the race; run again, they find the token retired
 */
export async function successorOf(
  app: App,
  pool: Pool,
  client: Client,
  { session, digest, retired }: FoundToken,
  now: Instant,
): Promise<string | undefined> {
  const context = `successor ${pool.id} ${digest}`
  if (retired !== undefined) return Buffer.from(app.vault.open(retired.successor, context)).toString('utf8')
  const rotation = client.settings.RefreshTokenRotation
  if (rotation?.Feature !== 'ENABLED') return undefined
  const token = await makeRefreshToken(app, pool)
  await app.store.tokenSessions.rotate(session, digestOf(token), {
    at: now,
    graceUntil: now + seconds(rotation.RetryGracePeriodSeconds ?? 0),
    successor: app.vault.seal(Buffer.from(token), context),
  })
  return token
}
