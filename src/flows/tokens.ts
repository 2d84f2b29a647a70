import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { CompactEncrypt } from 'jose'
import { accessClaims, idClaims, selfServiceScope } from '../domain/claims.ts'
import { type Client, lifetimes } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import { issuerOf, poolIdOfIssuer } from '../domain/issuer.ts'
import type { Method } from '../domain/method.ts'
import type { Pool } from '../domain/pool.ts'
import type { TokenSession } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import { type Instant, seconds } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import { digestOf } from './digest.ts'
import { openToken, signToken } from './signing.ts'

/** Tokens as clients receive them. */
export interface IssuedTokens {
  readonly accessToken: string
  readonly idToken: string
  readonly refreshToken?: string
  /** A device that this sign-in has made known. */
  readonly newDevice?: { readonly key: string; readonly groupKey: string }
  /** Seconds until the access token expires. */
  readonly expiresIn: number
}

export interface Holder {
  readonly pool: Pool
  readonly client: Client
  readonly user: User
}

/** A new session, ready to be stored in the transaction that completes the sign-in. */
export async function newSession(
  app: App,
  holder: Holder,
  methods: readonly Method[],
  deviceKey: string | undefined,
  now: Instant,
): Promise<{ session: TokenSession; refreshToken: string }> {
  const { pool, client, user } = holder
  const refreshToken = await makeRefreshToken(app, pool)
  const session: TokenSession = {
    poolId: pool.id,
    id: app.random.uuid(),
    clientId: client.id,
    username: user.username,
    authTime: now,
    expiresAt: now + lifetimes(client.settings).refresh,
    refreshDigest: digestOf(refreshToken),
    scopes: [selfServiceScope],
    methods,
    ...(deviceKey !== undefined && { deviceKey }),
  }
  return { session, refreshToken }
}

/** Signs an access and an ID token for a session that is in force. */
export async function issue(
  app: App,
  holder: Holder,
  session: TokenSession,
  now: Instant,
): Promise<IssuedTokens> {
  const { pool, client, user } = holder
  const facts = {
    pool,
    issuer: issuerOf(pool, app.site.issuer, app.site.publicUrl),
    client,
    user,
    session,
    now,
    accessJti: app.random.uuid(),
    idJti: app.random.uuid(),
    eventId: app.random.uuid(),
  }
  const [accessToken, idToken] = await Promise.all([
    signToken(app, pool.id, 'access', accessClaims(facts)),
    signToken(app, pool.id, 'id', idClaims(facts)),
  ])
  return { accessToken, idToken, expiresIn: lifetimes(client.settings).access / 1000 }
}

/**
 * The session that a refresh token stands for. Where the client rotates refresh tokens, the one given is replaced: of
 * several that race one gets the new token; the old one is taken for the grace period still, and its use after that
 * ends the session, since somebody else has it.
 * @throws Fault InvalidRefreshToken, RefreshTokenExpired, RefreshTokenRevoked, RefreshTokenReused
 */
export async function redeemRefreshToken(
  app: App,
  pool: Pool,
  client: Client,
  token: string,
  now: Instant,
): Promise<{ session: TokenSession; refreshToken?: string }> {
  const digest = digestOf(token)
  const standing = await app.store.tokenSessions.findByRefreshToken(pool.id, digest)
  const retired = standing ? undefined : await app.store.tokenSessions.findByRetiredToken(pool.id, digest)
  const session = standing ?? retired?.session
  if (session === undefined || session.clientId !== client.id) throw new Fault('InvalidRefreshToken')
  if (session.revokedAt !== undefined) throw new Fault('RefreshTokenRevoked')
  if (now >= session.expiresAt) throw new Fault('RefreshTokenExpired')
  if (retired !== undefined && now >= retired.graceUntil) {
    await app.store.tokenSessions.revoke(pool.id, session.id, now)
    throw new Fault('RefreshTokenReused')
  }
  const rotation = client.settings.RefreshTokenRotation
  // Within the grace period the old token still refreshes, and is given no new one: there is one line of descent.
  if (rotation?.Feature !== 'ENABLED' || retired !== undefined) return { session }
  const refreshToken = await makeRefreshToken(app, pool)
  const graceUntil = now + seconds(rotation.RetryGracePeriodSeconds ?? 0)
  const rotated = await app.store.tokenSessions.rotate(session, digestOf(refreshToken), graceUntil)
  if (!rotated) return redeemRefreshToken(app, pool, client, token, now)
  return { session: { ...session, refreshDigest: digestOf(refreshToken) }, refreshToken }
}

/**
 * The user and the session behind an access token that is whole, in time and not revoked.
 * @throws Fault InvalidAccessToken, AccessTokenSignature, AccessTokenExpired, AccessTokenRevoked, UserNotFound
 */
export async function verifyAccessToken(
  app: App,
  token: string,
  now: Instant,
): Promise<{ pool: Pool; user: User; scopes: readonly string[]; clientId: string }> {
  const stated = statedClaims(token)
  const poolId = poolIdOfIssuer(stated?.iss)
  if (stated === undefined || poolId === undefined || stated.token_use !== 'access')
    throw new Fault('InvalidAccessToken')
  const pool = await app.store.pools.find(poolId)
  if (pool === undefined || stated.iss !== issuerOf(pool, app.site.issuer, app.site.publicUrl)) {
    throw new Fault('InvalidAccessToken')
  }
  const claims = await openToken(app, poolId, 'access', token)
  if (claims === undefined) throw new Fault('AccessTokenSignature')
  if (now >= Number(claims.exp) * 1000) throw new Fault('AccessTokenExpired')
  const user = await app.store.users.findBySub(poolId, String(claims.sub))
  if (user === undefined) throw new Fault('UserNotFound')
  await mustBeInForce(app, user, claims)
  return { pool, user, scopes: String(claims.scope).split(' '), clientId: String(claims.client_id) }
}

/** Tokens with an `origin_jti` fall with their session; the others with a sign-out from everywhere. */
async function mustBeInForce(app: App, user: User, claims: Record<string, unknown>): Promise<void> {
  if (typeof claims.origin_jti === 'string') {
    const session = await app.store.tokenSessions.find(user.poolId, claims.origin_jti)
    if (session === undefined || session.revokedAt !== undefined) throw new Fault('AccessTokenRevoked')
  } else if (user.signedOutAt !== undefined && Number(claims.iat) * 1000 <= user.signedOutAt) {
    throw new Fault('AccessTokenRevoked')
  }
}

/** What a JWT says of itself, before anything is believed. */
function statedClaims(token: string): Record<string, unknown> | undefined {
  const [, payload] = token.split('.')
  if (payload === undefined) return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined
  } catch {
    // Not JSON: to the caller it is as invalid as any other text.
    return undefined
  }
}

const makeKeyPair = promisify(generateKeyPair)
let recipient: Promise<KeyObject> | undefined

/**
 * A refresh token: to clients an opaque JWE, as the real one. Nobody ever opens it, since the store finds its session
 * by digest; so it is encrypted to a key whose private half is forgotten when it is made, and holds random bytes.
 */
async function makeRefreshToken(app: App, pool: Pool): Promise<string> {
  recipient ??= makeKeyPair('rsa', { modulusLength: 2048 }).then(({ publicKey }) => publicKey)
  const content = Buffer.concat([Buffer.from(pool.id), app.random.bytes(32)])
  return new CompactEncrypt(content)
    .setProtectedHeader({ cty: 'JWT', enc: 'A256GCM', alg: 'RSA-OAEP' })
    .encrypt(await recipient)
}
