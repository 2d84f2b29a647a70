import { hash } from 'node:crypto'
import type { Instant } from '../lib/instant.ts'
import { acrLevels } from './acr.ts'
import { type Client, canRead, lifetimes } from './client.ts'
import { byPrecedence, type Group, preferredRoleOf, rolesOf } from './group.ts'
import { identityClaims } from './identity.ts'
import { amrOf, levelOf } from './method.ts'
import type { Pool } from './pool.ts'
import { showAttribute } from './scopes.ts'
import type { TokenSession } from './session.ts'
import type { User } from './user.ts'

export const selfServiceScope = 'aws.cognito.signin.user.admin'

export type Claims = Record<string, unknown>

export interface TokenFacts {
  readonly issuer: string
  readonly pool: Pool
  readonly client: Client
  readonly user: User
  /** Those the user is in. */
  readonly groups: readonly Group[]
  readonly session: TokenSession
  readonly now: Instant
  /** A new id for each token. */
  readonly accessJti: string
  readonly idJti: string
  readonly eventId: string
  /** Of the request that the tokens answer, at the OAuth endpoints. */
  readonly nonce?: string
}

/**
 * The ids that revocation goes by. Without them a token cannot be revoked alone, so a client that turned revocation off
 * gets none, unless something else needs them: rotation, or a list of sessions that shows which is the token's own.
 */
function ids({ client, session }: TokenFacts, jti: string): Claims {
  const { EnableTokenRevocation, RefreshTokenRotation } = client.settings
  return EnableTokenRevocation || RefreshTokenRotation?.Feature === 'ENABLED' || session.record !== undefined
    ? { origin_jti: session.id, jti }
    : {}
}

const epochSeconds = (at: Instant): number => Math.floor(at / 1000)

export function accessClaims(facts: TokenFacts): Claims {
  const { client, user, session, now } = facts
  return {
    sub: user.sub,
    ...(session.deviceKey !== undefined && { device_key: session.deviceKey }),
    ...groupClaims(facts),
    iss: facts.issuer,
    client_id: client.id,
    ...ids(facts, facts.accessJti),
    event_id: facts.eventId,
    token_use: 'access',
    scope: session.scopes.join(' '),
    auth_time: epochSeconds(session.authTime),
    exp: epochSeconds(now + lifetimes(client.settings).access),
    iat: epochSeconds(now),
    ...contextClaims(facts),
    // Of those that the OAuth endpoints issue. Source: developer guide, "Understanding the access token"; seen so.
    ...(session.oauth && { version: 2 }),
    username: user.username,
  }
}

/** `at_hash` of an access token that RS256 signed. Source: OpenID Connect Core, 3.1.3.6. */
const atHash = (accessToken: string): string =>
  hash('sha256', accessToken, 'buffer').subarray(0, 16).toString('base64url')

/** Those of the OAuth endpoints are bound to the access token that they come with. */
export function idClaims(facts: TokenFacts, accessToken?: string): Claims {
  const { client, user, session, now } = facts
  return {
    ...(accessToken !== undefined && { at_hash: atHash(accessToken) }),
    sub: user.sub,
    ...attributeClaims(client, user, session),
    ...(user.attributes.identities !== undefined && { identities: identityClaims(user) }),
    ...groupClaims(facts),
    ...roleClaims(facts),
    iss: facts.issuer,
    'cognito:username': user.username,
    ...ids(facts, facts.idJti),
    aud: client.id,
    ...(facts.nonce !== undefined && { nonce: facts.nonce }),
    event_id: facts.eventId,
    token_use: 'id',
    auth_time: epochSeconds(session.authTime),
    exp: epochSeconds(now + lifetimes(client.settings).id),
    iat: epochSeconds(now),
    ...contextClaims(facts),
  }
}

/** The access token of a client that signs in as itself: there is no user in it, and nothing that a session would need. */
export function clientClaims(facts: {
  readonly issuer: string
  readonly client: Client
  readonly scopes: readonly string[]
  readonly now: Instant
  readonly jti: string
}): Claims {
  const { client, now } = facts
  return {
    sub: client.id,
    token_use: 'access',
    scope: facts.scopes.join(' '),
    auth_time: epochSeconds(now),
    iss: facts.issuer,
    exp: epochSeconds(now + lifetimes(client.settings).access),
    iat: epochSeconds(now),
    version: 2,
    jti: facts.jti,
    client_id: client.id,
  }
}

/** Attributes the client may read, and at the OAuth endpoints has asked for: text all of them, but for the two flags that are JSON booleans. Identities are no attribute there. */
function attributeClaims(client: Client, user: User, { oauth, scopes }: TokenSession): Claims {
  const claims: Claims = {}
  for (const [name, value] of Object.entries(user.attributes)) {
    if (name === 'identities' || !canRead(client.settings, name)) continue
    if (oauth && !showAttribute(scopes, name)) continue
    claims[name] =
      name === 'email_verified' || name === 'phone_number_verified' ? value.toLowerCase() === 'true' : value
  }
  return claims
}

/** In both tokens. A user who is in no group has no such claim, as one without roles has none of those. */
function groupClaims({ groups }: TokenFacts): Claims {
  return groups.length === 0 ? {} : { 'cognito:groups': byPrecedence(groups).map(({ name }) => name) }
}

/** In the ID token, for identity pools. */
function roleClaims({ groups }: TokenFacts): Claims {
  const roles = rolesOf(groups)
  const preferred = preferredRoleOf(groups)
  return {
    ...(roles.length > 0 && { 'cognito:roles': roles }),
    ...(preferred !== undefined && { 'cognito:preferred_role': preferred }),
  }
}

/** How the user signed in. Lite pools have no such claims. */
function contextClaims({ pool, session }: TokenFacts): Claims {
  const level = levelOf(session.methods)
  if (pool.settings.UserPoolTier === 'LITE' || level === 0) return {}
  return {
    acr: acrLevels(pool.settings.AcrConfiguration)[`Level${level}`]?.AcrValue,
    amr: amrOf(session.methods),
  }
}
