import { pageOf } from '../../flows/pages.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { Groups, page, shownGroup } from './shapes.ts'

export default operation('ListGroups', {
  doc: "Lists a pool's groups in order of name, a page at a time.",
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), ...page }),
  output: Groups,
  faults: ['InvalidParameter'],
  async run({ pool, input, store, vault }) {
    const { items, next } = await pageOf(vault, `groups ${pool.id}`, input.NextToken, input.Limit || 60, {
      load: (request) => store.groups.page(pool.id, request),
      key: ({ name }) => name,
    })
    return { Groups: items.map(shownGroup), NextToken: next }
  },
})
