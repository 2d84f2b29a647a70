import { aliasesOf } from '../domain/alias.ts'
import type { Client } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import type { Pool } from '../domain/pool.ts'
import type { TokenSession } from '../domain/session.ts'
import {
  type Activity,
  newSessionId,
  type SessionRecord,
  type SsoSession,
  trackingOf,
} from '../domain/session-tracking.ts'
import type { User } from '../domain/user.ts'
import { describeDevice } from '../domain/user-agent.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import type { Tables } from '../ports/store.ts'
import { findRefreshToken } from './refresh-tokens.ts'
import { statedClaims } from './signing.ts'
import type { SignIn } from './step.ts'

const activity = ({ now, source }: SignIn): Activity => ({
  at: now,
  device: describeDevice(source.userAgent),
  address: source.address,
})

/** What is recorded of the session that a sign-in begins; nothing where the pool does not track them. */
export function newRecord(signIn: SignIn): SessionRecord | undefined {
  const { app, pool, now } = signIn
  if (!trackingOf(pool).enabled) return undefined
  return { id: newSessionId('tkn', app.random.bytes), createdAt: now, last: activity(signIn) }
}

/** Before a recorded session begins, others make room for it: those that were active least lately. */
export async function makeRoom({ pool, now }: SignIn, store: Tables, session: TokenSession): Promise<void> {
  if (session.record === undefined) return
  await store.tokenSessions.evict(pool.id, session.username, trackingOf(pool).maxPerUser - 1, now)
}

/** A refresh is the one thing that counts as activity of a token session. */
export async function recordActivity(signIn: SignIn, session: TokenSession): Promise<void> {
  const { app, pool } = signIn
  if (session.record === undefined || !trackingOf(pool).enabled) return
  await app.store.tokenSessions.saveActivity(session, activity(signIn))
}

/** A session as its user is shown it. */
export interface ShownSession {
  readonly type: 'TOKEN' | 'SSO'
  readonly id: string
  readonly clientId: string
  readonly createdAt: Instant
  readonly last: Activity
  readonly originId?: string
  readonly current: boolean
}

/** The one page that lists them. Source: API reference, AdminListUserSessions. */
export const mostListed = 125

/** The sessions of a user that are in force, the last active first; none where the pool does not track them. */
export async function listSessions(
  { store }: App,
  pool: Pool,
  user: User,
  now: Instant,
  currentId?: string,
): Promise<ShownSession[]> {
  if (!trackingOf(pool).enabled) return []
  const tokens = await store.tokenSessions.listRecorded(pool.id, user.username, now, mostListed)
  const browsers = await store.ssoSessions.list(pool.id, user.username, now, mostListed)
  return [...tokens.flatMap((session) => shownToken(session, currentId)), ...browsers.map(shownSso)]
    .toSorted((a, b) => b.last.at - a.last.at)
    .slice(0, mostListed)
}

const shownToken = ({ id, clientId, record }: TokenSession, currentId: string | undefined): ShownSession[] =>
  record === undefined ? [] : [{ type: 'TOKEN', clientId, current: id === currentId, ...record }]

const shownSso = ({ id, clientId, createdAt, last }: SsoSession): ShownSession => ({
  type: 'SSO',
  id,
  clientId,
  createdAt,
  last,
  current: false,
})

/** Which sessions beside the one that is named: none, or those that are linked with it directly. */
export type Associated = 'NONE' | 'LINKED' | undefined

/**
 * Ends a session of a user's, with all of its tokens.
 * @throws Fault SessionNotFound, OwnSession
 */
export async function revokeSession(
  app: App,
  pool: Pool,
  user: User,
  request: { readonly id: string; readonly associated: Associated },
  now: Instant,
  currentId?: string,
): Promise<void> {
  if (!trackingOf(pool).enabled) throw new Fault('SessionNotFound')
  const linked = request.associated === 'LINKED'
  await app.store.transaction(async (store) => {
    const token = await store.tokenSessions.findByRecord(pool.id, request.id)
    if (token !== undefined) {
      if (token.username !== user.username || !isInForce(token, now)) throw new Fault('SessionNotFound')
      if (token.id === currentId) throw new Fault('OwnSession')
      await revokeToken(store, token, linked, now)
      return
    }
    const sso = await store.ssoSessions.find(pool.id, request.id)
    if (sso === undefined || sso.username !== user.username || now >= sso.expiresAt)
      throw new Fault('SessionNotFound')
    await store.ssoSessions.delete(pool.id, sso.id)
    if (linked) await store.tokenSessions.revokeFrom(pool.id, sso.id, now)
  })
}

const isInForce = ({ revokedAt, expiresAt }: TokenSession, now: Instant): boolean =>
  revokedAt === undefined && now < expiresAt

/** Ends a token session and, where that is asked for, the SSO session that it came through; not that one's others. */
export async function revokeToken(
  store: Tables,
  { poolId, id, record }: TokenSession,
  linked: boolean,
  now: Instant,
): Promise<void> {
  await store.tokenSessions.revoke(poolId, id, now)
  if (linked && record?.originId !== undefined) await store.ssoSessions.delete(poolId, record.originId)
}

/**
 * Ends the session of a refresh token, also of one that was rotated away. A token that nobody knows is none in force,
 * which is all that was asked for: RFC 7009, 2.2.
 * @throws Fault RevocationOff, UnsupportedTokenType, ClientUnauthorized
 */
export async function revokeRefreshToken(
  app: App,
  pool: Pool,
  client: Client,
  request: { readonly token: string; readonly associated: Associated },
  now: Instant,
): Promise<void> {
  if (!client.settings.EnableTokenRevocation) throw new Fault('RevocationOff')
  if (statedClaims(request.token) !== undefined) throw new Fault('UnsupportedTokenType')
  const found = await findRefreshToken(app.store, pool, request.token)
  if (found === undefined) return
  if (found.session.clientId !== client.id) throw new Fault('ClientUnauthorized')
  const linked = request.associated === 'LINKED' && trackingOf(pool).enabled
  await app.store.transaction((store) => revokeToken(store, found.session, linked, now))
}

/** Ends every session of a user at every client. Managed login keeps its own: it may sign the user in again. */
export async function signOutEverywhere({ store }: App, pool: Pool, user: User, now: Instant): Promise<void> {
  await store.transaction(async (tables) => {
    await tables.users.save(user, { ...user, signedOutAt: now }, aliasesOf(pool, user))
    await tables.tokenSessions.revokeAllOf(pool.id, user.username, now)
  })
}
