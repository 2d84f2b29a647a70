import { saveUser } from '../../flows/save-user.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { Nothing, Username, UserPoolId } from '../shapes.ts'

export default operation('AdminEnableUser', {
  doc: 'Lets a disabled user sign in again. Tokens that were revoked stay revoked.',
  access: iamOnUser,
  input: struct({ UserPoolId: required(UserPoolId), Username: required(Username) }),
  output: Nothing,
  faults: [],
  async run({ pool, user, store, now }) {
    await saveUser(store, pool, user, { ...user, enabled: true }, now)
    return {}
  },
})
