import type { Kysely } from 'kysely'
import type { UsedAssertions } from '../../ports/used-assertions.ts'
import type { Database } from './tables.ts'

export function usedAssertionTable(db: Kysely<Database>): UsedAssertions {
  return {
    async add({ poolId, digest, expiresAt }) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('used_assertions')
        .values({ pool_id: poolId, digest, expires_at: expiresAt })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows === 1n
    },

    async deleteExpired(before) {
      const { numDeletedRows } = await db
        .deleteFrom('used_assertions')
        .where('expires_at', '<', before)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}
