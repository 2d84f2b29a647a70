import type { Kysely } from 'kysely'
import type { CodePurpose } from '../../domain/code.ts'
import type { Username, UserPoolId } from '../../domain/ids.ts'
import type { Codes } from '../../ports/store.ts'
import type { Database } from './tables.ts'

export function codeTable(db: Kysely<Database>): Codes {
  return {
    async put(code) {
      const rest = { digest: code.digest, expires_at: code.expiresAt, value: code.value ?? null }
      await db
        .insertInto('codes')
        .values({ pool_id: code.poolId, username: code.username, purpose: code.purpose, ...rest })
        .onConflict((conflict) => conflict.columns(['pool_id', 'username', 'purpose']).doUpdateSet(rest))
        .execute()
    },

    async find(poolId, username, purpose) {
      const row = await db
        .selectFrom('codes')
        .selectAll()
        .where('pool_id', '=', poolId)
        .where('username', '=', username)
        .where('purpose', '=', purpose)
        .executeTakeFirst()
      return (
        row && {
          poolId: row.pool_id as UserPoolId,
          username: row.username as Username,
          purpose: row.purpose as CodePurpose,
          digest: row.digest,
          expiresAt: row.expires_at,
          ...(row.value !== null && { value: row.value }),
        }
      )
    },

    async take(code) {
      const { numDeletedRows } = await db
        .deleteFrom('codes')
        .where('pool_id', '=', code.poolId)
        .where('username', '=', code.username)
        .where('purpose', '=', code.purpose)
        .where('digest', '=', code.digest)
        .executeTakeFirstOrThrow()
      return numDeletedRows === 1n
    },

    async deleteExpired(before) {
      const { numDeletedRows } = await db
        .deleteFrom('codes')
        .where('expires_at', '<', before)
        .where('purpose', 'not like', 'verify %')
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}
