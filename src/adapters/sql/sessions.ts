import type { Kysely, Selectable } from 'kysely'
import type { Challenge } from '../../domain/challenge.ts'
import type { ClientId, Username, UserPoolId } from '../../domain/ids.ts'
import type { AuthSession, TokenSession } from '../../domain/session.ts'
import type { AuthSessions, TokenSessions } from '../../ports/store.ts'
import { atomic } from './atomic.ts'
import type { Database } from './tables.ts'

export function authSessionTable(db: Kysely<Database>): AuthSessions {
  return {
    async put(session) {
      await db
        .insertInto('auth_sessions')
        .values({
          pool_id: session.poolId,
          digest: session.digest,
          client_id: session.clientId,
          username: session.username,
          name: session.name,
          challenge: session.challenge,
          expires_at: session.expiresAt,
          started_at: session.startedAt,
          attempts: session.attempts,
          progress: JSON.stringify(session.progress),
          question: JSON.stringify(session.question),
        })
        .execute()
    },

    async find(poolId, digest) {
      const row = await db
        .selectFrom('auth_sessions')
        .selectAll()
        .where('pool_id', '=', poolId)
        .where('digest', '=', digest)
        .executeTakeFirst()
      return row && toAuthSession(row)
    },

    async take(poolId, digest) {
      const row = await db
        .deleteFrom('auth_sessions')
        .where('pool_id', '=', poolId)
        .where('digest', '=', digest)
        .returningAll()
        .executeTakeFirst()
      return row && toAuthSession(row)
    },

    async countAttempt(poolId, digest) {
      const row = await db
        .updateTable('auth_sessions')
        .set((update) => ({ attempts: update('attempts', '+', 1) }))
        .where('pool_id', '=', poolId)
        .where('digest', '=', digest)
        .returning('attempts')
        .executeTakeFirst()
      return row?.attempts ?? 0
    },

    async deleteExpired(before) {
      const { numDeletedRows } = await db
        .deleteFrom('auth_sessions')
        .where('expires_at', '<', before)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}

export function tokenSessionTable(db: Kysely<Database>): TokenSessions {
  const select = (poolId: UserPoolId) =>
    db.selectFrom('token_sessions').selectAll().where('pool_id', '=', poolId)
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

    async findByRetiredToken(poolId, digest) {
      const row = await db
        .selectFrom('retired_tokens')
        .selectAll()
        .where('pool_id', '=', poolId)
        .where('digest', '=', digest)
        .executeTakeFirst()
      const session = row && (await select(poolId).where('id', '=', row.session_id).executeTakeFirst())
      return session && { session: toTokenSession(session), graceUntil: row.grace_until }
    },

    rotate: (session, digest, graceUntil) =>
      atomic(db, async (db) => {
        const { numUpdatedRows } = await db
          .updateTable('token_sessions')
          .set({ refresh_digest: digest })
          .where('pool_id', '=', session.poolId)
          .where('id', '=', session.id)
          .where('refresh_digest', '=', session.refreshDigest)
          .where('revoked_at', 'is', null)
          .executeTakeFirstOrThrow()
        if (numUpdatedRows !== 1n) return false
        await db
          .insertInto('retired_tokens')
          .values({
            pool_id: session.poolId,
            digest: session.refreshDigest,
            session_id: session.id,
            grace_until: graceUntil,
            expires_at: session.expiresAt,
          })
          .execute()
        return true
      }),

    async revoke(poolId, id, at) {
      await db
        .updateTable('token_sessions')
        .set({ revoked_at: at })
        .where('pool_id', '=', poolId)
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .execute()
    },

    async revokeAllOf(poolId, username, at) {
      await db
        .updateTable('token_sessions')
        .set({ revoked_at: at })
        .where('pool_id', '=', poolId)
        .where('username', '=', username)
        .where('revoked_at', 'is', null)
        .execute()
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

function toAuthSession(row: Selectable<Database['auth_sessions']>): AuthSession {
  return {
    poolId: row.pool_id as UserPoolId,
    digest: row.digest,
    clientId: row.client_id as ClientId,
    username: row.username as Username,
    name: row.name,
    challenge: row.challenge as Challenge,
    expiresAt: row.expires_at,
    startedAt: row.started_at,
    attempts: row.attempts,
    progress: JSON.parse(row.progress),
    question: JSON.parse(row.question),
  }
}

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
  }
}
