import type { Instant } from '../lib/instant.ts'
import { type Client, canRead, lifetimes } from './client.ts'
import type { TokenSession } from './session.ts'
import type { User } from './user.ts'

export const selfServiceScope = 'aws.cognito.signin.user.admin'

export type Claims = Record<string, unknown>

export interface TokenFacts {
  readonly issuer: string
  readonly client: Client
  readonly user: User
  readonly session: TokenSession
  readonly now: Instant
  /** A new id for each token. */
  readonly accessJti: string
  readonly idJti: string
  readonly eventId: string
}

/**
 * The ids that revocation goes by. Without them a token cannot be revoked alone, so a client that turned revocation off
 * gets none.
 */
function ids({ client, session }: TokenFacts, jti: string): Claims {
  const { EnableTokenRevocation, RefreshTokenRotation } = client.settings
  return EnableTokenRevocation || RefreshTokenRotation?.Feature === 'ENABLED'
    ? { origin_jti: session.id, jti }
    : {}
}

const epochSeconds = (at: Instant): number => Math.floor(at / 1000)

export function accessClaims(facts: TokenFacts): Claims {
  const { client, user, session, now } = facts
  return {
    sub: user.sub,
    iss: facts.issuer,
    client_id: client.id,
    ...ids(facts, facts.accessJti),
    event_id: facts.eventId,
    token_use: 'access',
    scope: session.scopes.join(' '),
    auth_time: epochSeconds(session.authTime),
    exp: epochSeconds(now + lifetimes(client.settings).access),
    iat: epochSeconds(now),
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
    ...ids(facts, facts.idJti),
    aud: client.id,
    event_id: facts.eventId,
    token_use: 'id',
    auth_time: epochSeconds(session.authTime),
    exp: epochSeconds(now + lifetimes(client.settings).id),
    iat: epochSeconds(now),
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
