import { deleteSoftwareToken } from '../../flows/software-tokens.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { Nothing, Username, UserPoolId } from '../shapes.ts'

export default operation('AdminDeleteSoftwareToken', {
  doc: "Deletes a user's authenticator app, and what the user had set of it as a second factor.",
  access: iamOnUser,
  input: struct({ UserPoolId: required(UserPoolId), Username: required(Username) }),
  output: Nothing,
  faults: ['UserNotConfirmed'],
  async run({ pool, user, now, ...app }) {
    await deleteSoftwareToken(app, pool, user, now)
    return {}
  },
})
