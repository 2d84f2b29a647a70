import type { Kysely, Selectable } from 'kysely'
import { regionOf, type UserPoolId } from '../../domain/ids.ts'
import type { PoolDomain } from '../../domain/pool-domain.ts'
import { type Domains, DuplicateKey, StaleRow } from '../../ports/store.ts'
import { mustHaveChanged } from './atomic.ts'
import { holdPool } from './hold.ts'
import type { Database } from './tables.ts'

export function domainTable(db: Kysely<Database>): Domains {
  const find: Domains['find'] = async (host) => {
    const row = await db.selectFrom('domains').selectAll().where('host', '=', host).executeTakeFirst()
    return row && toDomain(row)
  }
  const ofPool: Domains['ofPool'] = async (poolId) => {
    const rows = await db.selectFrom('domains').selectAll().where('pool_id', '=', poolId).execute()
    return rows.map(toDomain)
  }
  return {
    find,
    ofPool,

    async hold(poolId) {
      await holdPool(db, poolId)
      return ofPool(poolId)
    },

    async slots(region) {
      const rows = await db.selectFrom('domains').select('slot').where('region', '=', region).execute()
      return rows.flatMap(({ slot }) => slot ?? [])
    },

    async create(domain) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('domains')
        .values({
          host: domain.host,
          pool_id: domain.poolId,
          region: regionOf(domain.poolId),
          slot: domain.custom?.slot ?? null,
          version: domain.version,
          facts: factsOf(domain),
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      if (numInsertedOrUpdatedRows === 1n) return
      throw (await find(domain.host)) === undefined ? new StaleRow() : new DuplicateKey()
    },

    async save(domain) {
      const result = await db
        .updateTable('domains')
        .set({ facts: factsOf(domain), version: domain.version + 1 })
        .where('host', '=', domain.host)
        .where('pool_id', '=', domain.poolId)
        .where('version', '=', domain.version)
        .executeTakeFirstOrThrow()
      mustHaveChanged(result)
    },

    async delete(poolId, host) {
      const { numDeletedRows } = await db
        .deleteFrom('domains')
        .where('host', '=', host)
        .where('pool_id', '=', poolId)
        .executeTakeFirstOrThrow()
      return numDeletedRows === 1n
    },
  }
}

function factsOf({ poolId: _, host: __, version: ___, ...facts }: PoolDomain): string {
  return JSON.stringify(facts)
}

function toDomain(row: Selectable<Database['domains']>): PoolDomain {
  return {
    ...JSON.parse(row.facts),
    poolId: row.pool_id as UserPoolId,
    host: row.host,
    version: row.version,
  }
}
