import type { Kysely, Selectable } from 'kysely'
import type { ClientId, UserPoolId } from '../../domain/ids.ts'
import type { Terms } from '../../domain/terms.ts'
import type { TermsDocuments } from '../../ports/branding.ts'
import { DuplicateKey } from '../../ports/store.ts'
import { atomic, mustHaveChanged } from './atomic.ts'
import { holdClient, holdPool } from './hold.ts'
import type { Database } from './tables.ts'

export function termsTable(db: Kysely<Database>): TermsDocuments {
  const rows = (poolId: UserPoolId) => db.selectFrom('terms').selectAll().where('pool_id', '=', poolId)
  return {
    async find(poolId, id) {
      const row = await rows(poolId).where('id', '=', id).executeTakeFirst()
      return row && toTerms(row)
    },

    async findOfClient(poolId, clientId, name) {
      const row = await rows(poolId)
        .where('client_id', '=', clientId)
        .where('name', '=', name)
        .executeTakeFirst()
      return row && toTerms(row)
    },

    async page(poolId, { after, limit }) {
      let query = rows(poolId)
      if (after !== undefined) query = query.where('id', '>', after)
      return (await query.orderBy('id').limit(limit).execute()).map(toTerms)
    },

    async hold(poolId) {
      await holdPool(db, poolId)
      const { total } = await db
        .selectFrom('terms')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('pool_id', '=', poolId)
        .executeTakeFirstOrThrow()
      return total
    },

    create: (terms) =>
      atomic(db, async (db) => {
        await holdClient(db, terms.poolId, terms.clientId)
        const { numInsertedOrUpdatedRows } = await db
          .insertInto('terms')
          .values({ ...toRow(terms), pool_id: terms.poolId, id: terms.id, client_id: terms.clientId })
          .onConflict((conflict) => conflict.columns(['pool_id', 'client_id', 'name']).doNothing())
          .executeTakeFirstOrThrow()
        if (numInsertedOrUpdatedRows !== 1n) throw new DuplicateKey()
      }),

    async save(terms) {
      const result = await db
        .updateTable('terms')
        .set({ ...toRow(terms), version: terms.version + 1 })
        .where('pool_id', '=', terms.poolId)
        .where('id', '=', terms.id)
        .where('version', '=', terms.version)
        .executeTakeFirstOrThrow()
      mustHaveChanged(result)
    },

    async delete(poolId, id) {
      const { numDeletedRows } = await db
        .deleteFrom('terms')
        .where('pool_id', '=', poolId)
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      return numDeletedRows === 1n
    },
  }
}

function toRow(terms: Terms) {
  return {
    name: terms.name,
    created_at: terms.createdAt,
    modified_at: terms.modifiedAt,
    version: terms.version,
    links: JSON.stringify(terms.links),
  }
}

function toTerms(row: Selectable<Database['terms']>): Terms {
  return {
    poolId: row.pool_id as UserPoolId,
    id: row.id,
    clientId: row.client_id as ClientId,
    name: row.name,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    version: row.version,
    links: JSON.parse(row.links),
  }
}
