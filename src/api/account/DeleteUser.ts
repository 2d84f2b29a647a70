import { mustBeConfirmed } from '../../domain/user.ts'
import { deleteUser } from '../../flows/delete-user.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken, Nothing } from '../shapes.ts'

export default operation('DeleteUser', {
  doc: 'Deletes the signed-in user, with attributes, aliases and sessions.',
  access: accessToken,
  input: struct({ AccessToken: required(AccessToken) }),
  output: Nothing,
  faults: ['UserNotConfirmed', 'PasswordResetRequired'],
  async run({ user, store }) {
    mustBeConfirmed(user)
    await deleteUser(store, user)
    return {}
  },
})
