import type { Kysely, Selectable } from 'kysely'
import type { UserPoolId } from '../../domain/ids.ts'
import type { ResourceServer } from '../../domain/resource-server.ts'
import { DuplicateKey, type ResourceServers } from '../../ports/store.ts'
import { holdPool } from './hold.ts'
import type { Database } from './tables.ts'

export function resourceServerTable(db: Kysely<Database>): ResourceServers {
  const rows = (poolId: UserPoolId) =>
    db.selectFrom('resource_servers').selectAll().where('pool_id', '=', poolId)
  return {
    async find(poolId, identifier) {
      const row = await rows(poolId).where('identifier', '=', identifier).executeTakeFirst()
      return row && toServer(row)
    },

    async named(poolId, identifiers) {
      return (await rows(poolId).where('identifier', 'in', identifiers).execute()).map(toServer)
    },

    async page(poolId, { after, limit }) {
      let query = rows(poolId)
      if (after !== undefined) query = query.where('identifier', '>', after)
      return (await query.orderBy('identifier').limit(limit).execute()).map(toServer)
    },

    async hold(poolId) {
      await holdPool(db, poolId)
      const { total } = await db
        .selectFrom('resource_servers')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('pool_id', '=', poolId)
        .executeTakeFirstOrThrow()
      return total
    },

    async create(server) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('resource_servers')
        .values({ pool_id: server.poolId, identifier: server.identifier, facts: factsOf(server) })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      if (numInsertedOrUpdatedRows !== 1n) throw new DuplicateKey()
    },

    async save(server) {
      const { numUpdatedRows } = await db
        .updateTable('resource_servers')
        .set({ facts: factsOf(server) })
        .where('pool_id', '=', server.poolId)
        .where('identifier', '=', server.identifier)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },

    async delete(poolId, identifier) {
      const { numDeletedRows } = await db
        .deleteFrom('resource_servers')
        .where('pool_id', '=', poolId)
        .where('identifier', '=', identifier)
        .executeTakeFirstOrThrow()
      return numDeletedRows === 1n
    },
  }
}

const factsOf = ({ name, scopes }: ResourceServer): string => JSON.stringify({ name, scopes })

function toServer(row: Selectable<Database['resource_servers']>): ResourceServer {
  return { poolId: row.pool_id as UserPoolId, identifier: row.identifier, ...JSON.parse(row.facts) }
}
