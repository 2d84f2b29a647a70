import type { Kysely } from 'kysely'
import { adjustableCategories } from '../../domain/request-limits.ts'
import type { ProvisionedLimits } from '../../ports/store.ts'
import type { Database } from './tables.ts'

/** Facts of the installation: there are a handful, and they are of no pool. */
export function provisionedLimitTable(db: Kysely<Database>): ProvisionedLimits {
  return {
    async list(region) {
      const names = new Map(adjustableCategories.map((category) => [nameOf(region, category), category]))
      const rows = await db
        .selectFrom('installation')
        .selectAll()
        .where('name', 'in', [...names.keys()])
        .execute()
      return new Map(
        rows.flatMap(({ name, value }) => {
          const category = names.get(name)
          return category === undefined ? [] : [[category, Number(value)] as const]
        }),
      )
    },

    async save(region, category, rate) {
      const value = String(rate)
      await db
        .insertInto('installation')
        .values({ name: nameOf(region, category), value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute()
    },
  }
}

const nameOf = (region: string, category: string) => `limit ${region} ${category}`
