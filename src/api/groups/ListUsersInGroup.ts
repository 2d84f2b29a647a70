import { pageOf } from '../../flows/pages.ts'
import { operation } from '../../protocol/operation.ts'
import { list, required, struct } from '../../protocol/shape.ts'
import { iamOnGroup } from '../access.ts'
import { PageKey, User, UserPoolId } from '../shapes.ts'
import { showUser } from '../users/show.ts'
import { GroupName, page } from './shapes.ts'

export default operation('ListUsersInGroup', {
  doc: 'Lists the users in a group in order of username, a page at a time.',
  access: iamOnGroup,
  input: struct({ UserPoolId: required(UserPoolId), GroupName: required(GroupName), ...page }),
  output: struct({ Users: list(User), NextToken: PageKey }),
  faults: ['InvalidParameter'],
  async run({ pool, group, input, store, vault }) {
    const listing = `members ${pool.id} ${group.name}`
    const { items, next } = await pageOf(vault, listing, input.NextToken, input.Limit || 60, {
      load: (request) => store.users.pageOfGroup(pool.id, group.name, request),
      key: ({ username }) => username,
    })
    return { Users: items.map((user) => showUser(user)), NextToken: next }
  },
})
