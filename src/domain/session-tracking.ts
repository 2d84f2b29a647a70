import type { Instant } from '../lib/instant.ts'
import { Fault } from './faults.ts'
import { type ClientId, clientIdAlphabet, spell, type Username, type UserPoolId } from './ids.ts'
import type { Pool, SessionTracking } from './pool.ts'
import { mustOffer } from './pool-tier.ts'

/**
 * Session management: a pool that tracks sessions keeps a record of each, lists them to their user and limits how many
 * there may be. A token session is an app's, from sign-in until its refresh token ends; an SSO session is a browser's,
 * at managed login. Source: developer guide, "Managing user sessions"; API reference, SessionDescriptionType.
 */

/** Until anybody configures it. */
const noTracking: SessionTracking = { enabled: false, maxPerUser: 20 }

export const trackingOf = ({ sessions = noTracking }: Pool): SessionTracking => sessions

/** @throws Fault FeatureUnavailableInTier */
export function mustOfferSessions({ settings }: Pool): void {
  mustOffer(settings.UserPoolTier, 'Session Management', 'ESSENTIALS')
}

/** @throws Fault InvalidParameter */
export function mustTrackSessions(pool: Pool): void {
  if (!trackingOf(pool).enabled)
    throw new Fault('InvalidParameter', 'Session tracking is not enabled for the user pool.')
}

/** For how many minutes a client takes an SSO session silently, until anybody configures it. */
export const defaultSsoMinutes = 60

/** What is known of a session's last activity. */
export interface Activity {
  readonly at: Instant
  readonly device: string
  readonly address: string
}

/** What is recorded of a token session. */
export interface SessionRecord {
  /** `tkn` and 25 lower-case letters and digits. */
  readonly id: string
  readonly createdAt: Instant
  readonly last: Activity
  /** The SSO session that it came through. */
  readonly originId?: string
}

/** A sign-in to managed login, which lets its browser into the pool's other clients. */
export interface SsoSession {
  readonly poolId: UserPoolId
  /** `sso` and 25 lower-case letters and digits. */
  readonly id: string
  readonly clientId: ClientId
  readonly username: Username
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly last: Activity
}

export const newSessionId = (kind: 'tkn' | 'sso', bytes: (count: number) => Uint8Array): string =>
  `${kind}${spell(clientIdAlphabet, 25, bytes)}`
