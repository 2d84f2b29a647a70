import { signOutEverywhere } from '../../flows/sessions.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { Nothing, Username, UserPoolId } from '../shapes.ts'

export default operation('AdminUserGlobalSignOut', {
  doc: 'Revokes every token of a user, at every client. Sessions at managed login go on.',
  access: iamOnUser,
  input: struct({ UserPoolId: required(UserPoolId), Username: required(Username) }),
  output: Nothing,
  faults: [],
  async run({ pool, user, now, input: _, ...app }) {
    await signOutEverywhere(app, pool, user, now)
    return {}
  },
})
