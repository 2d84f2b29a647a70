import type { Kysely } from 'kysely'
import type { UserPoolId } from '../../domain/ids.ts'
import { everyClient, type UiCustomization } from '../../domain/ui-customization.ts'
import type { UiCustomizations } from '../../ports/branding.ts'
import { atomic } from './atomic.ts'
import { holdClient, holdPool } from './hold.ts'
import type { Database } from './tables.ts'

export function uiCustomizationTable(db: Kysely<Database>): UiCustomizations {
  return {
    async find(poolId, clientId) {
      const row = await db
        .selectFrom('ui_customizations')
        .selectAll()
        .where('pool_id', '=', poolId)
        .where('client_id', '=', clientId)
        .executeTakeFirst()
      return row && { ...JSON.parse(row.facts), poolId: row.pool_id as UserPoolId, clientId: row.client_id }
    },

    save: (customization) =>
      atomic(db, async (db) => {
        const { poolId, clientId, ...facts } = customization
        await holdSubject(db, customization)
        const row = { facts: JSON.stringify(facts) }
        await db
          .insertInto('ui_customizations')
          .values({ pool_id: poolId, client_id: clientId, ...row })
          .onConflict((conflict) => conflict.columns(['pool_id', 'client_id']).doUpdateSet(row))
          .execute()
      }),

    async delete(poolId, clientId) {
      await db
        .deleteFrom('ui_customizations')
        .where('pool_id', '=', poolId)
        .where('client_id', '=', clientId)
        .execute()
    },
  }
}

/** Whoever deletes the client, or the pool, waits for this row, and then finds the customization. */
function holdSubject(db: Kysely<Database>, { poolId, clientId }: UiCustomization): Promise<void> {
  return clientId === everyClient ? holdPool(db, poolId) : holdClient(db, poolId, clientId)
}
