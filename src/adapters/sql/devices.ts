import type { Kysely, Selectable } from 'kysely'
import type { Device } from '../../domain/device.ts'
import type { Username, UserPoolId } from '../../domain/ids.ts'
import type { Devices } from '../../ports/store.ts'
import type { Database } from './tables.ts'

export function deviceTable(db: Kysely<Database>): Devices {
  const rows = (poolId: UserPoolId, username: Username) =>
    db.selectFrom('devices').selectAll().where('pool_id', '=', poolId).where('username', '=', username)
  const update = ({ poolId, username, key, ...facts }: Device) =>
    db
      .updateTable('devices')
      .set({ confirmed: 1, facts: JSON.stringify(facts) })
      .where('pool_id', '=', poolId)
      .where('username', '=', username)
      .where('key', '=', key)
  return {
    async find(poolId, username, key) {
      const row = await rows(poolId, username).where('key', '=', key).executeTakeFirst()
      return row && toDevice(row)
    },

    async create({ poolId, username, key, ...facts }) {
      await db
        .insertInto('devices')
        .values({ pool_id: poolId, username, key, confirmed: 0, facts: JSON.stringify(facts) })
        .execute()
    },

    async confirm(device) {
      const { numUpdatedRows } = await update(device).where('confirmed', '=', 0).executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },

    async save(device) {
      const { numUpdatedRows } = await update(device).where('confirmed', '=', 1).executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
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

    async deleteUnclaimed() {
      const { numDeletedRows } = await db
        .deleteFrom('devices')
        .where('confirmed', '=', 0)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('token_sessions')
                .select('token_sessions.id')
                .whereRef('token_sessions.pool_id', '=', 'devices.pool_id')
                .whereRef('token_sessions.username', '=', 'devices.username')
                .whereRef('token_sessions.device_key', '=', 'devices.key'),
            ),
          ),
        )
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
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
