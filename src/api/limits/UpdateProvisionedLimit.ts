import { mustBeProvisionable } from '../../domain/request-limits.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnAccount } from '../access.ts'
import { categoryIn, Limit, LimitDefinition, Rate, showLimit } from './shapes.ts'

export default operation('UpdateProvisionedLimit', {
  doc: 'Sets how many requests a second a Region takes of a category: as many as at first, or more.',
  access: iamOnAccount,
  input: struct({ LimitDefinition: required(LimitDefinition), RequestedLimitValue: required(Rate) }),
  output: struct({ Limit: required(Limit) }),
  faults: ['InvalidParameter', 'LimitNotFound', 'AboveQuota'],
  differs:
    'The texts are assumed. AWS agrees with each account on how high a limit may go; here it is ten times the first. It takes effect within a second, on every node, and also where a pool has managed login.',
  async run({ input, store, region }) {
    const category = categoryIn(input.LimitDefinition)
    mustBeProvisionable(category, input.RequestedLimitValue)
    await store.provisionedLimits.save(region, category, input.RequestedLimitValue)
    return showLimit(store.provisionedLimits, region, category)
  },
})
