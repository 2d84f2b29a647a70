import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnAccount } from '../access.ts'
import { categoryIn, Limit, LimitDefinition, showLimit } from './shapes.ts'

export default operation('GetProvisionedLimit', {
  doc: 'Shows how many requests a second a Region takes of a category, and how many it takes at first.',
  access: iamOnAccount,
  input: struct({ LimitDefinition: required(LimitDefinition) }),
  output: struct({ Limit: required(Limit) }),
  faults: ['InvalidParameter', 'LimitNotFound'],
  differs:
    'The texts are assumed, and that a category which is not adjustable is not found. The limits are enforced by a server that is started with `--throttle=on`.',
  async run({ input, store, region }) {
    return showLimit(store.provisionedLimits, region, categoryIn(input.LimitDefinition))
  },
})
