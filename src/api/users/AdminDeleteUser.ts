import { Fault } from '../../domain/faults.ts'
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
  async run({ pool, user, store }) {
    if (!(await store.users.delete(pool.id, user.username))) throw new Fault('UserNotFound')
    return {}
  },
})
