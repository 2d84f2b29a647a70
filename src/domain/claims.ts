import type { Instant } from '../lib/instant.ts'
import { type Client, canRead, lifetimes } from './client.ts'
import { amrOf, levelOf, standardAcr } from './method.ts'
import type { Pool } from './pool.ts'
import type { TokenSession } from './session.ts'
import type { User } from './user.ts'

export const selfServiceScope = 'aws.cognito.signin.user.admin'

export type Claims = Record<string, unknown>

export interface TokenFacts {
  readonly issuer: string
  readonly pool: Pool
  readonly client: Client
  readonly user: User
  readonly session: TokenSession
  readonly now: Instant
  /** A new id for each token. */
  readonly accessJti: string
  readonly idJti: string
  readonly eventId: string
}

const epochSeconds = (at: Instant): number => Math.floor(at / 1000)

export function accessClaims(facts: TokenFacts): Claims {
  const { client, user, session, now } = facts
  return {
    sub: user.sub,
    iss: facts.issuer,
    client_id: client.id,
    ...(client.settings.EnableTokenRevocation && { origin_jti: session.id }),
    event_id: facts.eventId,
    token_use: 'access',
    scope: session.scopes.join(' '),
    auth_time: epochSeconds(session.authTime),
    exp: epochSeconds(now + lifetimes(client.settings).access),
    iat: epochSeconds(now),
    jti: facts.accessJti,
    ...contextClaims(facts),
    username: user.username,
  }
}

export function idClaims(facts: TokenFacts): Claims {
  const { client, user, session, now } = facts
  return {
    sub: user.sub,
    ...attributeClaims(client, user),
    iss: facts.issuer,
    'cognito:username': user.username,
    ...(client.settings.EnableTokenRevocation && { origin_jti: session.id }),
    aud: client.id,
    event_id: facts.eventId,
    token_use: 'id',
    auth_time: epochSeconds(session.authTime),
    exp: epochSeconds(now + lifetimes(client.settings).id),
    iat: epochSeconds(now),
    jti: facts.idJti,
    ...contextClaims(facts),
  }
}

/** Attributes the client may read: text all of them, but for the two flags that are JSON booleans. */
function attributeClaims(client: Client, user: User): Claims {
  const claims: Claims = {}
  for (const [name, value] of Object.entries(user.attributes)) {
    if (!canRead(client.settings, name)) continue
    claims[name] =
      name === 'email_verified' || name === 'phone_number_verified' ? value.toLowerCase() === 'true' : value
  }
  return claims
}

/** How the user signed in. Lite pools have no such claims. */
function contextClaims({ pool, session }: TokenFacts): Claims {
  const level = levelOf(session.methods)
  if (pool.settings.UserPoolTier === 'LITE' || level === 0) return {}
  return {
    acr: pool.settings.AcrConfiguration?.[`Level${level}`]?.AcrValue ?? standardAcr[level],
    amr: amrOf(session.methods),
  }
}
