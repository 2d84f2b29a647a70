import { accessClaims, idClaims, selfServiceScope } from '../domain/claims.ts'
import { type Client, lifetimes } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import { byPrecedence, type Group, preferredRoleOf, rolesOf } from '../domain/group.ts'
import { isIssuerOf, issuerOf, poolIdOfIssuer } from '../domain/issuer.ts'
import type { Method } from '../domain/method.ts'
import type { Pool } from '../domain/pool.ts'
import { quotas } from '../domain/quotas.ts'
import type { TokenSession } from '../domain/session.ts'
import type { SessionRecord } from '../domain/session-tracking.ts'
import { overriddenAccess, overriddenId } from '../domain/token-overrides.ts'
import { eventAttributes, type TriggerSource } from '../domain/trigger-event.ts'
import type { TokenOverrides } from '../domain/trigger-tokens.ts'
import type { User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import { digestOf } from './digest.ts'
import { makeRefreshToken } from './refresh-tokens.ts'
import { openToken, signToken, statedClaims } from './signing.ts'
import { preTokenGeneration } from './triggers.ts'

/** Tokens as clients receive them. */
export interface IssuedTokens {
  readonly accessToken: string
  /** Absent where an app has not asked for `openid` at the OAuth endpoints. */
  readonly idToken?: string
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

/** What a sign-in has come to. */
export interface Proven {
  readonly methods: readonly Method[]
  readonly deviceKey?: string
  readonly eventId?: string
  readonly record?: SessionRecord
  /** At the OAuth endpoints: what was granted, and when the user signed in. */
  readonly granted?: { readonly scopes: readonly string[]; readonly authTime: Instant }
}

/** A new session, ready to be stored in the transaction that completes the sign-in. */
export async function newSession(
  app: App,
  { pool, client, user }: Holder,
  { granted, ...proven }: Proven,
  now: Instant,
): Promise<{ session: TokenSession; refreshToken: string }> {
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
    ...proven,
    ...(granted && { ...granted, oauth: true }),
  }
  return { session, refreshToken }
}

export type TokenSource = TriggerSource & `TokenGeneration_${string}`

/** Why tokens are made, as PreTokenGeneration is told. */
export interface Reason {
  readonly source: TokenSource
  readonly metadata: Readonly<Record<string, string>> | undefined
}

/** What goes into the tokens beside what user and session say: the groups that the user is in by now, and what a trigger changes. */
export interface Contents {
  readonly groups: readonly Group[]
  readonly overrides: TokenOverrides | undefined
}

export const groupsOf = (app: App, { poolId, username }: User): Promise<Group[]> =>
  app.store.memberships.groupsOf(poolId, username, { limit: quotas['groups of a user'] })

/** @throws Fault TriggerFailed, TriggerAnswer, TriggerUnreachable */
export async function contentsFor(
  app: App,
  { pool, client, user }: Holder,
  { scopes }: Pick<TokenSession, 'scopes'>,
  { source, metadata }: Reason,
): Promise<Contents> {
  const groups = await groupsOf(app, user)
  const about = { username: user.username, clientId: client.id }
  const overrides = await preTokenGeneration(app, pool, source, about, () => ({
    userAttributes: eventAttributes(pool, user),
    groupConfiguration: {
      groupsToOverride: byPrecedence(groups).map(({ name }) => name),
      iamRolesToOverride: rolesOf(groups),
      preferredRole: preferredRoleOf(groups) ?? null,
    },
    scopes,
    clientMetadata: metadata,
  }))
  return { groups, overrides }
}

/** Signs the tokens of a session that is in force. `nonce` is that of the request which they answer. */
export async function issue(
  app: App,
  holder: Holder,
  session: TokenSession,
  { groups, overrides }: Contents,
  now: Instant,
  nonce?: string,
): Promise<IssuedTokens> {
  const { pool, client, user } = holder
  const facts = {
    pool,
    issuer: issuerOf(pool, app.site.issuer, app.site.publicUrl),
    client,
    user,
    groups,
    session,
    now,
    accessJti: app.random.uuid(),
    idJti: app.random.uuid(),
    // That of the sign-in, also after a refresh. Source: developer guide, "Viewing user event history".
    eventId: session.eventId ?? app.random.uuid(),
    ...(nonce !== undefined && { nonce }),
  }
  const expiresIn = lifetimes(client.settings).access / 1000
  const signed = signToken(app, pool.id, 'access', overriddenAccess(accessClaims(facts), overrides))
  const signId = (accessToken?: string) =>
    signToken(app, pool.id, 'id', overriddenId(idClaims(facts, accessToken), overrides))
  if (!session.oauth) {
    const [accessToken, idToken] = await Promise.all([signed, signId()])
    return { accessToken, idToken, expiresIn }
  }
  const accessToken = await signed
  if (!session.scopes.includes('openid')) return { accessToken, expiresIn }
  return { accessToken, idToken: await signId(accessToken), expiresIn }
}

/** Who an access token speaks for. */
export interface TokenBearer {
  readonly pool: Pool
  readonly user: User
  readonly scopes: readonly string[]
  readonly clientId: string
  /** The token's session, by its `origin_jti`. */
  readonly sessionId?: string
}

/**
 * The user and the session behind an access token that is whole, in time and not revoked, at the pool as it stands in a
 * region: its own, where none is named.
 * @throws Fault InvalidAccessToken, AccessTokenSignature, AccessTokenExpired, AccessTokenRevoked, AccessTokenScopes,
 *   UserNotFound
 */
export async function verifyAccessToken(
  app: App,
  token: string,
  now: Instant,
  region: string | undefined,
): Promise<TokenBearer> {
  const stated = statedClaims(token)
  const poolId = poolIdOfIssuer(stated?.iss)
  if (stated === undefined || poolId === undefined || stated.token_use !== 'access')
    throw new Fault('InvalidAccessToken')
  const pool = await app.store.pools.find(poolId, region)
  const { issuer, publicUrl } = app.site
  if (pool === undefined || !isIssuerOf(pool, String(stated.iss), issuer, publicUrl))
    throw new Fault('InvalidAccessToken')
  const claims = await openToken(app, poolId, 'access', token)
  if (claims === undefined) throw new Fault('AccessTokenSignature')
  if (!(now < Number(claims.exp) * 1000)) throw new Fault('AccessTokenExpired')
  // A client's own token: no scope of a user's can be in it.
  if (claims.username === undefined) throw new Fault('AccessTokenScopes')
  const user = await app.store.users.findBySub(poolId, String(claims.sub))
  if (user === undefined) throw new Fault('UserNotFound')
  await mustBeInForce(app, user, claims)
  const sessionId = claims.origin_jti
  return {
    pool,
    user,
    scopes: String(claims.scope).split(' '),
    clientId: String(claims.client_id),
    ...(typeof sessionId === 'string' && { sessionId }),
  }
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
