import type { Kysely, Selectable } from 'kysely'
import { type AuthEvent, isTrusted } from '../../domain/auth-event.ts'
import type { Username, UserPoolId } from '../../domain/ids.ts'
import type { AuthEvents } from '../../ports/store.ts'
import type { Database } from './tables.ts'

export function authEventTable(db: Kysely<Database>): AuthEvents {
  const rows = (poolId: UserPoolId, username: Username) =>
    db.selectFrom('auth_events').selectAll().where('pool_id', '=', poolId).where('username', '=', username)
  return {
    async hold(event) {
      const row = await db
        .insertInto('auth_events')
        .values(toRow(event))
        .onConflict((conflict) =>
          conflict
            .columns(['pool_id', 'username', 'id'])
            .doUpdateSet((update) => ({ facts: update.ref('auth_events.facts') })),
        )
        .returningAll()
        .executeTakeFirstOrThrow()
      return toEvent(row)
    },

    async save(event) {
      const { facts, trusted } = toRow(event)
      await db
        .updateTable('auth_events')
        .set({ facts, trusted })
        .where('pool_id', '=', event.poolId)
        .where('username', '=', event.username)
        .where('id', '=', event.id)
        .execute()
    },

    async find(poolId, username, id) {
      const row = await rows(poolId, username).where('id', '=', id).executeTakeFirst()
      return row && toEvent(row)
    },

    async page(poolId, username, { after, limit }) {
      let query = rows(poolId, username)
      if (after !== undefined) {
        const [at = '', id = ''] = after.split(' ')
        query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('at', 'id'), '<', tuple(Number(at), id)))
      }
      const page = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return page.map(toEvent)
    },

    async trusted(poolId, username, limit) {
      const newest = await rows(poolId, username)
        .where('trusted', '=', 1)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return newest.map(toEvent)
    },

    async deleteExpired(before) {
      const { numDeletedRows } = await db
        .deleteFrom('auth_events')
        .where('expires_at', '<', before)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}

function toRow(event: AuthEvent) {
  const { poolId, username, id, at, expiresAt, ...facts } = event
  return {
    pool_id: poolId,
    username,
    id,
    at,
    expires_at: expiresAt,
    trusted: isTrusted(event) ? 1 : 0,
    facts: JSON.stringify(facts),
  }
}

const toEvent = (row: Selectable<Database['auth_events']>): AuthEvent => ({
  ...JSON.parse(row.facts),
  poolId: row.pool_id as UserPoolId,
  username: row.username as Username,
  id: row.id,
  at: row.at,
  expiresAt: row.expires_at,
})
