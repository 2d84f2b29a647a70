import type { Kysely, Selectable } from 'kysely'
import type { AuthEvent } from '../../domain/auth-event.ts'
import type { Username, UserPoolId } from '../../domain/ids.ts'
import type { AuthEvents } from '../../ports/store.ts'
import type { Database } from './tables.ts'

export function authEventTable(db: Kysely<Database>): AuthEvents {
  const rows = (poolId: UserPoolId, username: Username) =>
    db.selectFrom('auth_events').selectAll().where('pool_id', '=', poolId).where('username', '=', username)
  return {
    async put({ poolId, username, id, at, ...facts }) {
      await db
        .insertInto('auth_events')
        .values({ pool_id: poolId, username, id, at, facts: JSON.stringify(facts) })
        .execute()
    },

    async find(poolId, username, id) {
      const row = await rows(poolId, username).where('id', '=', id).executeTakeFirst()
      return row && toEvent(row)
    },

    async page(poolId, username, { after, limit }) {
      let query = rows(poolId, username)
      if (after !== undefined) query = query.where('id', '<', after)
      return (await query.orderBy('id', 'desc').limit(limit).execute()).map(toEvent)
    },

    async saveFeedback({ poolId, username, id, at: _, ...facts }) {
      await db
        .updateTable('auth_events')
        .set({ facts: JSON.stringify(facts) })
        .where('pool_id', '=', poolId)
        .where('username', '=', username)
        .where('id', '=', id)
        .execute()
    },

    async deleteBefore(at) {
      const { numDeletedRows } = await db
        .deleteFrom('auth_events')
        .where('at', '<', at)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}

function toEvent(row: Selectable<Database['auth_events']>): AuthEvent {
  return {
    ...JSON.parse(row.facts),
    poolId: row.pool_id as UserPoolId,
    username: row.username as Username,
    id: row.id,
    at: row.at,
  }
}
