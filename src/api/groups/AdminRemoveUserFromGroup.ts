import { findGroup } from '../../flows/groups.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { Nothing, Username, UserPoolId } from '../shapes.ts'
import { GroupName } from './shapes.ts'

export default operation('AdminRemoveUserFromGroup', {
  doc: 'Takes a user out of a group, where the user need not be.',
  access: iamOnUser,
  input: struct({
    UserPoolId: required(UserPoolId),
    Username: required(Username),
    GroupName: required(GroupName),
  }),
  output: Nothing,
  faults: ['GroupNotFound'],
  async run({ pool, user, input, store }) {
    const { name } = await findGroup(store, pool, input.GroupName)
    await store.memberships.remove(pool.id, user.username, name)
    return {}
  },
})
