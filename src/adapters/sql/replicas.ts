import type { Kysely, Selectable } from 'kysely'
import type { UserPoolId } from '../../domain/ids.ts'
import type { Replica } from '../../domain/replica.ts'
import { DuplicateKey, type Replicas } from '../../ports/store.ts'
import { mustHaveChanged } from './atomic.ts'
import type { Database } from './tables.ts'

export function replicaTable(db: Kysely<Database>): Replicas {
  return {
    async of(poolIds) {
      if (poolIds.length === 0) return []
      const rows = await db.selectFrom('replicas').selectAll().where('pool_id', 'in', poolIds).execute()
      return rows.map(toReplica)
    },

    async create(replica) {
      const { poolId, region, status, createdAt, modifiedAt, version, settings, tags } = replica
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('replicas')
        .values({
          pool_id: poolId,
          region,
          status,
          created_at: createdAt,
          modified_at: modifiedAt,
          version,
          settings: JSON.stringify(settings),
          tags: JSON.stringify(tags),
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      if (numInsertedOrUpdatedRows !== 1n) throw new DuplicateKey()
    },

    async save({ poolId, region, status, version }) {
      const result = await db
        .updateTable('replicas')
        .set({ status, version: version + 1 })
        .where('pool_id', '=', poolId)
        .where('region', '=', region)
        .where('version', '=', version)
        .executeTakeFirstOrThrow()
      mustHaveChanged(result)
    },

    async delete(poolId, region) {
      const { numDeletedRows } = await db
        .deleteFrom('replicas')
        .where('pool_id', '=', poolId)
        .where('region', '=', region)
        .executeTakeFirstOrThrow()
      return numDeletedRows === 1n
    },
  }
}

export function toReplica(row: Selectable<Database['replicas']>): Replica {
  return {
    poolId: row.pool_id as UserPoolId,
    region: row.region,
    status: row.status,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    version: row.version,
    settings: JSON.parse(row.settings),
    tags: JSON.parse(row.tags),
  }
}
