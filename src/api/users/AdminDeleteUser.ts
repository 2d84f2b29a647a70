import { deleteUser } from '../../flows/delete-user.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { Nothing, Username, UserPoolId } from '../shapes.ts'

export default operation('AdminDeleteUser', {
  doc: 'Deletes a user, with attributes, aliases and sessions.',
  access: iamOnUser,
  input: struct({ UserPoolId: required(UserPoolId), Username: required(Username) }),
  output: Nothing,
  faults: [],
  async run({ user, store }) {
    await deleteUser(store, user)
    return {}
  },
})
