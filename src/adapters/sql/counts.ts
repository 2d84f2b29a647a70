import type { Kysely } from 'kysely'
import type { FailureCounts, Quotas } from '../../ports/store.ts'
import type { Database } from './tables.ts'

export function failureTable(db: Kysely<Database>): FailureCounts {
  return {
    async hold(poolId, name) {
      const row = await db
        .insertInto('failures')
        .values({ pool_id: poolId, name, count: 0, last_at: 0 })
        .onConflict((conflict) =>
          conflict
            .columns(['pool_id', 'name'])
            .doUpdateSet((update) => ({ count: update.ref('failures.count') })),
        )
        .returningAll()
        .executeTakeFirstOrThrow()
      return { count: row.count, lastAt: row.last_at }
    },

    async find(poolId, name) {
      const row = await db
        .selectFrom('failures')
        .selectAll()
        .where('pool_id', '=', poolId)
        .where('name', '=', name)
        .executeTakeFirst()
      return row && { count: row.count, lastAt: row.last_at }
    },

    async save(poolId, name, { count, lastAt }) {
      await db
        .insertInto('failures')
        .values({ pool_id: poolId, name, count, last_at: lastAt })
        .onConflict((conflict) =>
          conflict.columns(['pool_id', 'name']).doUpdateSet({ count, last_at: lastAt }),
        )
        .execute()
    },

    async clear(poolId, name) {
      await db.deleteFrom('failures').where('pool_id', '=', poolId).where('name', '=', name).execute()
    },

    async deleteOlder(than) {
      const { numDeletedRows } = await db
        .deleteFrom('failures')
        .where('last_at', '<', than)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}

export function quotaTable(db: Kysely<Database>): Quotas {
  return {
    async count(poolId, subject, since) {
      const { count } = await db
        .insertInto('quotas')
        .values({ pool_id: poolId, subject, since, count: 1 })
        .onConflict((conflict) =>
          conflict
            .columns(['pool_id', 'subject', 'since'])
            .doUpdateSet((update) => ({ count: update('quotas.count', '+', 1) })),
        )
        .returning('count')
        .executeTakeFirstOrThrow()
      return count
    },

    async deleteBefore(since) {
      const { numDeletedRows } = await db
        .deleteFrom('quotas')
        .where('since', '<', since)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}
