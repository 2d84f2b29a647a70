import type { Kysely } from 'kysely'
import type { PasswordHistory } from '../../ports/store.ts'
import { atomic } from './atomic.ts'
import type { Database } from './tables.ts'

export function passwordHistoryTable(db: Kysely<Database>): PasswordHistory {
  return {
    async list(poolId, username, limit) {
      const rows = await db
        .selectFrom('password_history')
        .select('password')
        .where('pool_id', '=', poolId)
        .where('username', '=', username)
        .orderBy('set_at', 'desc')
        .limit(limit)
        .execute()
      return rows.map(({ password }) => JSON.parse(password))
    },

    add: (poolId, username, password, keep) =>
      atomic(db, async (db) => {
        const row = { set_at: password.setAt, password: JSON.stringify(password) }
        await db
          .insertInto('password_history')
          .values({ pool_id: poolId, username, ...row })
          .onConflict((conflict) => conflict.columns(['pool_id', 'username', 'set_at']).doUpdateSet(row))
          .execute()
        const ofUser = () =>
          db.selectFrom('password_history').where('pool_id', '=', poolId).where('username', '=', username)
        const oldest = await ofUser()
          .select('set_at')
          .orderBy('set_at', 'desc')
          .offset(keep)
          .limit(1)
          .executeTakeFirst()
        if (oldest === undefined) return
        await db
          .deleteFrom('password_history')
          .where('pool_id', '=', poolId)
          .where('username', '=', username)
          .where('set_at', '<=', oldest.set_at)
          .execute()
      }),
  }
}
