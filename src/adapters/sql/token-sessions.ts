import type { Kysely, Selectable } from 'kysely'
import type { ClientId, Username, UserPoolId } from '../../domain/ids.ts'
import type { TokenSession } from '../../domain/session.ts'
import type { Activity, SessionRecord } from '../../domain/session-tracking.ts'
import type { Instant } from '../../lib/instant.ts'
import type { TokenSessions } from '../../ports/store.ts'
import { atomic, mustHaveChanged } from './atomic.ts'
import type { Database } from './tables.ts'

export function tokenSessionTable(db: Kysely<Database>): TokenSessions {
  const select = (poolId: UserPoolId) =>
    db.selectFrom('token_sessions').selectAll().where('pool_id', '=', poolId)
  const revoke = (db: Kysely<Database>, poolId: UserPoolId, at: Instant) =>
    db
      .updateTable('token_sessions')
      .set({ revoked_at: at })
      .where('pool_id', '=', poolId)
      .where('revoked_at', 'is', null)
  return {
    async create(session) {
      await db
        .insertInto('token_sessions')
        .values({
          pool_id: session.poolId,
          id: session.id,
          client_id: session.clientId,
          username: session.username,
          auth_time: session.authTime,
          expires_at: session.expiresAt,
          revoked_at: session.revokedAt ?? null,
          refresh_digest: session.refreshDigest,
          scopes: JSON.stringify(session.scopes),
          methods: JSON.stringify(session.methods),
          device_key: session.deviceKey ?? null,
          event_id: session.eventId ?? null,
          ...recordColumns(session.record),
          oauth: session.oauth ? 1 : null,
        })
        .execute()
    },

    async find(poolId, id) {
      const row = await select(poolId).where('id', '=', id).executeTakeFirst()
      return row && toTokenSession(row)
    },

    async findByRefreshToken(poolId, digest) {
      const row = await select(poolId).where('refresh_digest', '=', digest).executeTakeFirst()
      return row && toTokenSession(row)
    },

    async findRetired(poolId, digest) {
      const row = await db
        .selectFrom('retired_tokens')
        .selectAll()
        .where('pool_id', '=', poolId)
        .where('digest', '=', digest)
        .executeTakeFirst()
      const session = row && (await select(poolId).where('id', '=', row.session_id).executeTakeFirst())
      return (
        session && {
          session: toTokenSession(session),
          at: row.retired_at,
          graceUntil: row.grace_until,
          successor: row.successor,
        }
      )
    },

    rotate: (session, digest, { at, graceUntil, successor }) =>
      atomic(db, async (db) => {
        const result = await db
          .updateTable('token_sessions')
          .set({ refresh_digest: digest })
          .where('pool_id', '=', session.poolId)
          .where('id', '=', session.id)
          .where('refresh_digest', '=', session.refreshDigest)
          .where('revoked_at', 'is', null)
          .executeTakeFirstOrThrow()
        mustHaveChanged(result)
        await db
          .insertInto('retired_tokens')
          .values({
            pool_id: session.poolId,
            digest: session.refreshDigest,
            session_id: session.id,
            retired_at: at,
            grace_until: graceUntil,
            successor,
            expires_at: session.expiresAt,
          })
          .execute()
      }),

    async revoke(poolId, id, at) {
      await revoke(db, poolId, at).where('id', '=', id).execute()
    },

    async revokeAllOf(poolId, username, at) {
      await revoke(db, poolId, at).where('username', '=', username).execute()
    },

    async findByRecord(poolId, recordId) {
      const row = await select(poolId).where('session_id', '=', recordId).executeTakeFirst()
      return row && toTokenSession(row)
    },

    async listRecorded(poolId, username, now, limit) {
      const rows = await recorded(db, poolId, username, now)
        .selectAll()
        .orderBy('last_active_at', 'desc')
        .orderBy('session_id')
        .limit(limit)
        .execute()
      return rows.map(toTokenSession)
    },

    async saveActivity({ poolId, id, record }, last) {
      if (record === undefined) return
      await db
        .updateTable('token_sessions')
        .set(activityColumns(record, last))
        .where('pool_id', '=', poolId)
        .where('id', '=', id)
        .execute()
    },

    evict: (poolId, username, most, now) =>
      atomic(db, async (db) => {
        // Whoever writes the user's row first is alone with the user's sessions until the end.
        await db
          .updateTable('users')
          .set((users) => ({ version: users.ref('version') }))
          .where('pool_id', '=', poolId)
          .where('username', '=', username)
          .execute()
        const inForce = await recorded(db, poolId, username, now)
          .select('id')
          .orderBy('last_active_at')
          .orderBy('session_id')
          .execute()
        const victims = inForce.slice(0, Math.max(0, inForce.length - most)).map(({ id }) => id)
        if (victims.length > 0) await revoke(db, poolId, now).where('id', 'in', victims).execute()
      }),

    async revokeFrom(poolId, ssoId, at) {
      await revoke(db, poolId, at).where('origin_session_id', '=', ssoId).execute()
    },

    async deleteExpired(before) {
      await db.deleteFrom('retired_tokens').where('expires_at', '<', before).execute()
      const { numDeletedRows } = await db
        .deleteFrom('token_sessions')
        .where('expires_at', '<', before)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}

/** The recorded sessions of a user that are in force. */
const recorded = (db: Kysely<Database>, poolId: UserPoolId, username: Username, now: Instant) =>
  db
    .selectFrom('token_sessions')
    .where('pool_id', '=', poolId)
    .where('username', '=', username)
    .where('session_id', 'is not', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)

function recordColumns(record: SessionRecord | undefined) {
  if (record === undefined)
    return { session_id: null, origin_session_id: null, last_active_at: null, record: null }
  return {
    session_id: record.id,
    origin_session_id: record.originId ?? null,
    ...activityColumns(record, record.last),
  }
}

const activityColumns = ({ createdAt }: SessionRecord, last: Activity) => ({
  last_active_at: last.at,
  record: JSON.stringify({ createdAt, last }),
})

function toTokenSession(row: Selectable<Database['token_sessions']>): TokenSession {
  return {
    poolId: row.pool_id as UserPoolId,
    id: row.id,
    clientId: row.client_id as ClientId,
    username: row.username as Username,
    authTime: row.auth_time,
    expiresAt: row.expires_at,
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at }),
    refreshDigest: row.refresh_digest,
    scopes: JSON.parse(row.scopes),
    methods: JSON.parse(row.methods),
    ...(row.device_key !== null && { deviceKey: row.device_key }),
    ...(row.event_id !== null && { eventId: row.event_id }),
    ...(row.session_id !== null &&
      row.record !== null && { record: toRecord(row.session_id, row.origin_session_id, row.record) }),
    ...(row.oauth === 1 && { oauth: true }),
  }
}

const toRecord = (id: string, originId: string | null, record: string): SessionRecord => ({
  id,
  ...(originId !== null && { originId }),
  ...JSON.parse(record),
})
