import { Fault } from '../../domain/faults.ts'
import { pageOf } from '../../flows/pages.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { Username, UserPoolId } from '../shapes.ts'
import { Groups, page, shownGroup } from './shapes.ts'

export default operation('AdminListGroupsForUser', {
  doc: 'Lists the groups that a user is in, in order of name, a page at a time.',
  access: iamOnUser,
  input: struct({ UserPoolId: required(UserPoolId), Username: required(Username), ...page }),
  output: Groups,
  faults: ['InvalidParameter'],
  differs: 'The order is assumed.',
  async run({ pool, user, input, store, vault }) {
    // The model allows 0 and the service does not: captured in aws-sdk-js#2193.
    if (input.Limit === 0) throw new Fault('ValidationFailed', [zeroItems])
    const listing = `groups ${pool.id} ${user.username}`
    const { items, next } = await pageOf(vault, listing, input.NextToken, input.Limit ?? 60, {
      load: (request) => store.memberships.groupsOf(pool.id, user.username, request),
      key: ({ name }) => name,
    })
    return { Groups: items.map(shownGroup), NextToken: next }
  },
})

const zeroItems =
  "Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1"
