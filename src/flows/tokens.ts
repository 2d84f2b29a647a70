import { createHash, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { CompactEncrypt } from 'jose'
import { accessClaims, idClaims, selfServiceScope } from '../domain/claims.ts'
import { type Client, lifetimes } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import { issuerOf, poolIdOfIssuer } from '../domain/issuer.ts'
import type { Pool } from '../domain/pool.ts'
import type { TokenSession } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import type { Tables } from '../ports/store.ts'
import { openToken, signToken } from './signing.ts'

/** Tokens as clients receive them. */
export interface IssuedTokens {
  readonly accessToken: string
  readonly idToken: string
  readonly refreshToken?: string
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
 * The session that a refresh token of this client stands for, whatever its state.
 * @throws Fault InvalidRefreshToken
 */
export async function sessionOfRefreshToken(
  store: Tables,
  pool: Pool,
  client: Client,
  token: string,
): Promise<TokenSession> {
  const session = await store.tokenSessions.findByRefreshToken(pool.id, digestOf(token))
  if (session === undefined || session.clientId !== client.id) throw new Fault('InvalidRefreshToken')
  return session
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

/**
 * Tokens with an `origin_jti` fall with their session; the others with a sign-out from everywhere. A disabled user has
 * none in force, also none of a sign-in that was under way.
 */
async function mustBeInForce(app: App, user: User, claims: Record<string, unknown>): Promise<void> {
  if (!user.enabled) throw new Fault('AccessTokenRevoked')
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

const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex')

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
