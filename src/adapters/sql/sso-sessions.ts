import type { Kysely, Selectable } from 'kysely'
import type { ClientId, Username, UserPoolId } from '../../domain/ids.ts'
import type { SsoSession } from '../../domain/session-tracking.ts'
import type { SsoSessions } from '../../ports/store.ts'
import type { Database } from './tables.ts'

export function ssoSessionTable(db: Kysely<Database>): SsoSessions {
  const select = (poolId: UserPoolId) =>
    db.selectFrom('sso_sessions').selectAll().where('pool_id', '=', poolId)
  return {
    async create({ poolId, id, clientId, username, expiresAt, createdAt, last }) {
      await db
        .insertInto('sso_sessions')
        .values({
          pool_id: poolId,
          id,
          client_id: clientId,
          username,
          last_active_at: last.at,
          expires_at: expiresAt,
          record: JSON.stringify({ createdAt, last }),
        })
        .execute()
    },

    async find(poolId, id) {
      const row = await select(poolId).where('id', '=', id).executeTakeFirst()
      return row && toSsoSession(row)
    },

    async list(poolId, username, now, limit) {
      const rows = await select(poolId)
        .where('username', '=', username)
        .where('expires_at', '>', now)
        .orderBy('last_active_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(toSsoSession)
    },

    async delete(poolId, id) {
      const { numDeletedRows } = await db
        .deleteFrom('sso_sessions')
        .where('pool_id', '=', poolId)
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      return numDeletedRows === 1n
    },

    async deleteExpired(before) {
      const { numDeletedRows } = await db
        .deleteFrom('sso_sessions')
        .where('expires_at', '<', before)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}

function toSsoSession(row: Selectable<Database['sso_sessions']>): SsoSession {
  return {
    poolId: row.pool_id as UserPoolId,
    id: row.id,
    clientId: row.client_id as ClientId,
    username: row.username as Username,
    expiresAt: row.expires_at,
    ...JSON.parse(row.record),
  }
}
