import type { Kysely, Selectable } from 'kysely'
import type { Username, UserPoolId } from '../../domain/ids.ts'
import type { Passkey } from '../../domain/passkey.ts'
import { DuplicateKey, type Passkeys, type SoftwareTokens } from '../../ports/store.ts'
import type { Database } from './tables.ts'

export function softwareTokenTable(db: Kysely<Database>): SoftwareTokens {
  return {
    async find(poolId, username) {
      const row = await db
        .selectFrom('software_tokens')
        .selectAll()
        .where('pool_id', '=', poolId)
        .where('username', '=', username)
        .executeTakeFirst()
      return (
        row && {
          poolId: row.pool_id as UserPoolId,
          username: row.username as Username,
          sealed: row.sealed,
          ...(row.device_name !== null && { deviceName: row.device_name }),
          lastStep: row.last_step,
        }
      )
    },

    async save(token) {
      const rest = { sealed: token.sealed, device_name: token.deviceName ?? null, last_step: token.lastStep }
      await db
        .insertInto('software_tokens')
        .values({ pool_id: token.poolId, username: token.username, ...rest })
        .onConflict((conflict) => conflict.columns(['pool_id', 'username']).doUpdateSet(rest))
        .execute()
    },

    async use(poolId, username, step) {
      const { numUpdatedRows } = await db
        .updateTable('software_tokens')
        .set({ last_step: step })
        .where('pool_id', '=', poolId)
        .where('username', '=', username)
        .where('last_step', '<', step)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },

    async delete(poolId, username) {
      const { numDeletedRows } = await db
        .deleteFrom('software_tokens')
        .where('pool_id', '=', poolId)
        .where('username', '=', username)
        .executeTakeFirstOrThrow()
      return numDeletedRows === 1n
    },
  }
}

export function passkeyTable(db: Kysely<Database>): Passkeys {
  const rows = (poolId: UserPoolId, username: Username) =>
    db.selectFrom('passkeys').selectAll().where('pool_id', '=', poolId).where('username', '=', username)
  return {
    async count(poolId, username) {
      const { total } = await db
        .selectFrom('passkeys')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('pool_id', '=', poolId)
        .where('username', '=', username)
        .executeTakeFirstOrThrow()
      return total
    },

    async find(poolId, username, id) {
      const row = await rows(poolId, username).where('id', '=', id).executeTakeFirst()
      return row && toPasskey(row)
    },

    async page(poolId, username, { after, limit }) {
      let query = rows(poolId, username)
      if (after !== undefined) query = query.where('id', '>', after)
      return (await query.orderBy('id').limit(limit).execute()).map(toPasskey)
    },

    async create({ poolId, username, id, counter, ...facts }) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('passkeys')
        .values({ pool_id: poolId, username, id, counter, facts: JSON.stringify(facts) })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      if (numInsertedOrUpdatedRows !== 1n) throw new DuplicateKey()
    },

    async saveCounter({ poolId, username, id }, counter) {
      await db
        .updateTable('passkeys')
        .set({ counter })
        .where('pool_id', '=', poolId)
        .where('username', '=', username)
        .where('id', '=', id)
        .execute()
    },

    async delete(poolId, username, id) {
      const { numDeletedRows } = await db
        .deleteFrom('passkeys')
        .where('pool_id', '=', poolId)
        .where('username', '=', username)
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      return numDeletedRows === 1n
    },
  }
}

function toPasskey(row: Selectable<Database['passkeys']>): Passkey {
  return {
    ...JSON.parse(row.facts),
    poolId: row.pool_id as UserPoolId,
    username: row.username as Username,
    id: row.id,
    counter: row.counter,
  }
}
