import type { Kysely } from 'kysely'
import type { Username } from '../../domain/ids.ts'
import type { LinkedIdentities } from '../../ports/identity-providers.ts'
import { DuplicateKey } from '../../ports/store.ts'
import type { Database } from './tables.ts'

export function linkedIdentityTable(db: Kysely<Database>): LinkedIdentities {
  return {
    async find(poolId, ...sources) {
      if (sources.length === 0) return undefined
      const rows = await db
        .selectFrom('linked_identities')
        .select(['attribute', 'value', 'username'])
        .where((eb) =>
          eb.or(
            sources.map(({ provider, attribute, value }) =>
              eb.and({ pool_id: poolId, provider, attribute, value }),
            ),
          ),
        )
        .execute()
      const found = sources.flatMap(
        ({ attribute, value }) =>
          rows.find((row) => row.attribute === attribute && row.value === value) ?? [],
      )
      return found[0] && (found[0].username as Username)
    },

    async add(poolId, { provider, attribute, value }, username) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('linked_identities')
        .values({ pool_id: poolId, provider, attribute, value, username })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      if (numInsertedOrUpdatedRows !== 1n) throw new DuplicateKey()
    },

    async remove(poolId, { provider, attribute, value }) {
      const { numDeletedRows } = await db
        .deleteFrom('linked_identities')
        .where('pool_id', '=', poolId)
        .where('provider', '=', provider)
        .where('attribute', '=', attribute)
        .where('value', '=', value)
        .executeTakeFirstOrThrow()
      return numDeletedRows === 1n
    },
  }
}
