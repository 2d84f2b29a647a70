import { addToGroup, findGroup } from '../../flows/groups.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { Nothing, Username, UserPoolId } from '../shapes.ts'
import { GroupName } from './shapes.ts'

export default operation('AdminAddUserToGroup', {
  doc: 'Puts a user into a group, where the user may be already. Tokens show it from the next sign-in or refresh on.',
  access: iamOnUser,
  input: struct({
    UserPoolId: required(UserPoolId),
    Username: required(Username),
    GroupName: required(GroupName),
  }),
  output: Nothing,
  faults: ['GroupNotFound', 'TooMany'],
  differs: 'How a user in too many groups is refused is assumed: the model has no exception for it.',
  async run({ pool, user, input, store }) {
    const group = await findGroup(store, pool, input.GroupName)
    await addToGroup(store, user, group)
    return {}
  },
})
