import { Fault } from '../../domain/faults.ts'
import { adjustable, type Category, categories } from '../../domain/request-limits.ts'
import type { ProvisionedLimits } from '../../ports/store.ts'
import { integer, map, oneOf, required, struct } from '../../protocol/shape.ts'
import { Text } from '../shapes.ts'

export const Rate = integer()

export const LimitDefinition = struct({
  LimitClass: required(oneOf('API_CATEGORY')),
  Attributes: required(map(Text, Text)),
})

export const Limit = struct({
  LimitDefinition: required(LimitDefinition),
  ProvisionedLimitValue: required(Rate),
  FreeLimitValue: required(Rate),
})

/** The category that a definition is of. @throws Fault InvalidParameter, LimitNotFound */
export function categoryIn({ Attributes }: { Attributes: Readonly<Record<string, string>> }): Category {
  const { Category, ...others } = Attributes
  if (Category === undefined || Object.keys(others).length > 0)
    throw new Fault('InvalidParameter', 'Attributes must name a Category and nothing else.')
  return adjustable(Category)
}

export async function showLimit(limits: ProvisionedLimits, region: string, category: Category) {
  const free = categories[category].rate
  return {
    Limit: {
      LimitDefinition: { LimitClass: 'API_CATEGORY', Attributes: { Category: category } },
      ProvisionedLimitValue: (await limits.list(region)).get(category) ?? free,
      FreeLimitValue: free,
    },
  } as const
}
