import { saveUser } from '../../flows/save-user.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { Nothing, Username, UserPoolId } from '../shapes.ts'

export default operation('AdminDisableUser', {
  doc: 'Keeps a user from signing in and revokes all of their tokens.',
  access: iamOnUser,
  input: struct({ UserPoolId: required(UserPoolId), Username: required(Username) }),
  output: Nothing,
  faults: [],
  async run({ pool, user, store, now }) {
    await store.transaction(async (tables) => {
      await saveUser(tables, pool, user, { ...user, enabled: false, signedOutAt: now }, now)
      await tables.tokenSessions.revokeAllOf(pool.id, user.username, now)
    })
    return {}
  },
})
