import type { Kysely, Selectable } from 'kysely'
import type { Client } from '../../domain/client.ts'
import type { ClientId, UserPoolId } from '../../domain/ids.ts'
import { type Clients, DuplicateKey } from '../../ports/store.ts'
import { atomic, mustHaveChanged } from './atomic.ts'
import { holdPool } from './hold.ts'
import type { Database } from './tables.ts'

export function clientTable(db: Kysely<Database>): Clients {
  return {
    async find(poolId, id) {
      const row = await db
        .selectFrom('clients')
        .selectAll()
        .where('pool_id', '=', poolId)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && toClient(row)
    },

    async poolOf(id) {
      const row = await db
        .selectFrom('client_pools')
        .select('pool_id')
        .where('client_id', '=', id)
        .executeTakeFirst()
      return row && (row.pool_id as UserPoolId)
    },

    async page(poolId, { after, limit }) {
      let query = db.selectFrom('clients').selectAll().where('pool_id', '=', poolId)
      if (after !== undefined) query = query.where('id', '>', after)
      const rows = await query.orderBy('id').limit(limit).execute()
      return rows.map(toClient)
    },

    async hold(poolId) {
      await holdPool(db, poolId)
      const { total } = await db
        .selectFrom('clients')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('pool_id', '=', poolId)
        .executeTakeFirstOrThrow()
      return total
    },

    create: (client) =>
      atomic(db, async (db) => {
        const { numInsertedOrUpdatedRows } = await db
          .insertInto('client_pools')
          .values({ client_id: client.id, pool_id: client.poolId })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow()
        if (numInsertedOrUpdatedRows !== 1n) throw new DuplicateKey()
        await db
          .insertInto('clients')
          .values({ ...toRow(client), pool_id: client.poolId, id: client.id })
          .execute()
      }),

    async save(client) {
      const result = await db
        .updateTable('clients')
        .set({ ...toRow(client), version: client.version + 1 })
        .where('pool_id', '=', client.poolId)
        .where('id', '=', client.id)
        .where('version', '=', client.version)
        .executeTakeFirstOrThrow()
      mustHaveChanged(result)
    },

    delete: (poolId, id) =>
      atomic(db, async (db) => {
        // The client first: whoever holds it to create something of it is waited for, and what they created is found.
        const { numDeletedRows } = await db
          .deleteFrom('clients')
          .where('pool_id', '=', poolId)
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        for (const table of tablesOfClient) {
          await db.deleteFrom(table).where('pool_id', '=', poolId).where('client_id', '=', id).execute()
        }
        return numDeletedRows === 1n
      }),
  }
}

/** Every table with rows that belong to a client and go with it. */
const tablesOfClient = [
  'client_pools',
  'auth_sessions',
  'token_sessions',
  'brandings',
  'branding_assets',
  'terms',
  'ui_customizations',
  'risk_configurations',
] as const

function toRow(client: Client) {
  return {
    created_at: client.createdAt,
    modified_at: client.modifiedAt,
    version: client.version,
    secrets: JSON.stringify(client.secrets),
    settings: JSON.stringify(client.settings),
    sso_minutes: client.ssoMinutes ?? null,
  }
}

function toClient(row: Selectable<Database['clients']>): Client {
  return {
    poolId: row.pool_id as UserPoolId,
    id: row.id as ClientId,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    version: row.version,
    secrets: JSON.parse(row.secrets),
    settings: JSON.parse(row.settings),
    ...(row.sso_minutes !== null && { ssoMinutes: row.sso_minutes }),
  }
}
