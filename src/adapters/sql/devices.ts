import type { Kysely, Selectable } from 'kysely'
import type { Device } from '../../domain/device.ts'
import type { Username, UserPoolId } from '../../domain/ids.ts'
import type { Devices } from '../../ports/store.ts'
import type { Database } from './tables.ts'

export function deviceTable(db: Kysely<Database>): Devices {
  const rows = (poolId: UserPoolId, username: Username) =>
    db.selectFrom('devices').selectAll().where('pool_id', '=', poolId).where('username', '=', username)
  return {
    async find(poolId, username, key) {
      const row = await rows(poolId, username).where('key', '=', key).executeTakeFirst()
      return row && toDevice(row)
    },

    async save({ poolId, username, key, ...facts }) {
      const rest = { confirmed: facts.verifier === undefined ? 0 : 1, facts: JSON.stringify(facts) }
      await db
        .insertInto('devices')
        .values({ pool_id: poolId, username, key, ...rest })
        .onConflict((conflict) => conflict.columns(['pool_id', 'username', 'key']).doUpdateSet(rest))
        .execute()
    },

    async page(poolId, username, { after, limit }) {
      let query = rows(poolId, username).where('confirmed', '=', 1)
      if (after !== undefined) query = query.where('key', '>', after)
      return (await query.orderBy('key').limit(limit).execute()).map(toDevice)
    },

    async delete(poolId, username, key) {
      const { numDeletedRows } = await db
        .deleteFrom('devices')
        .where('pool_id', '=', poolId)
        .where('username', '=', username)
        .where('key', '=', key)
        .executeTakeFirstOrThrow()
      return numDeletedRows === 1n
    },
  }
}

function toDevice(row: Selectable<Database['devices']>): Device {
  return {
    ...JSON.parse(row.facts),
    poolId: row.pool_id as UserPoolId,
    username: row.username as Username,
    key: row.key,
  }
}
