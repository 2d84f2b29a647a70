import type { Kysely, Selectable } from 'kysely'
import type { ClientId, UserPoolId } from '../../domain/ids.ts'
import type { RiskConfiguration } from '../../domain/risk-configuration.ts'
import type { RiskConfigurations } from '../../ports/store.ts'
import { atomic } from './atomic.ts'
import { holdPool } from './hold.ts'
import type { Database } from './tables.ts'

/** Before every client id in order, and no client's. */
const ofPool = ''

export function riskConfigurationTable(db: Kysely<Database>): RiskConfigurations {
  const rows = (poolId: UserPoolId) =>
    db.selectFrom('risk_configurations').selectAll().where('pool_id', '=', poolId)
  return {
    async find(poolId, clientId = ofPool as ClientId) {
      const row = await rows(poolId).where('client_id', '=', clientId).executeTakeFirst()
      return row && toConfiguration(row)
    },

    async inForce(poolId, clientId) {
      const row = await rows(poolId)
        .where('client_id', 'in', [clientId, ofPool])
        .orderBy('client_id', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && toConfiguration(row)
    },

    save: ({ poolId, clientId = ofPool as ClientId, modifiedAt, settings }) =>
      atomic(db, async (db) => {
        await holdPool(db, poolId)
        const values = { modified_at: modifiedAt, facts: JSON.stringify(settings) }
        await db
          .insertInto('risk_configurations')
          .values({ pool_id: poolId, client_id: clientId, ...values })
          .onConflict((conflict) => conflict.columns(['pool_id', 'client_id']).doUpdateSet(values))
          .execute()
      }),

    async delete(poolId, clientId = ofPool as ClientId) {
      await db
        .deleteFrom('risk_configurations')
        .where('pool_id', '=', poolId)
        .where('client_id', '=', clientId)
        .execute()
    },
  }
}

const toConfiguration = (row: Selectable<Database['risk_configurations']>): RiskConfiguration => ({
  poolId: row.pool_id as UserPoolId,
  ...(row.client_id !== ofPool && { clientId: row.client_id as ClientId }),
  modifiedAt: row.modified_at,
  settings: JSON.parse(row.facts),
})
