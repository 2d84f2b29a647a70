import type { Kysely } from 'kysely'
import type { AuthorizationCode } from '../../domain/authorization.ts'
import type { UserPoolId } from '../../domain/ids.ts'
import type { AuthorizationCodes } from '../../ports/authorization-codes.ts'
import type { Database } from './tables.ts'

/** What no query asks for. */
type Facts = Omit<AuthorizationCode, 'poolId' | 'digest' | 'expiresAt'>

export function authorizationCodeTable(db: Kysely<Database>): AuthorizationCodes {
  return {
    async put({ poolId, digest, expiresAt, ...facts }) {
      await db
        .insertInto('authorization_codes')
        .values({ pool_id: poolId, digest, expires_at: expiresAt, facts: JSON.stringify(facts) })
        .execute()
    },

    async take(poolId, digest) {
      const row = await db
        .deleteFrom('authorization_codes')
        .where('pool_id', '=', poolId)
        .where('digest', '=', digest)
        .returningAll()
        .executeTakeFirst()
      if (row === undefined) return undefined
      const facts: Facts = JSON.parse(row.facts)
      return { ...facts, poolId: row.pool_id as UserPoolId, digest: row.digest, expiresAt: row.expires_at }
    },

    async deleteExpired(before) {
      const { numDeletedRows } = await db
        .deleteFrom('authorization_codes')
        .where('expires_at', '<', before)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}
