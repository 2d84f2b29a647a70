import { withPreference } from '../../domain/mfa.ts'
import { saveUser } from '../../flows/save-user.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { Nothing, Username, UserPoolId } from '../shapes.ts'
import { preferences } from './shapes.ts'

export default operation('AdminSetUserMFAPreference', {
  doc: "Switches a user's second factors on and off and chooses the preferred one.",
  access: iamOnUser,
  input: struct({ ...preferences, Username: required(Username), UserPoolId: required(UserPoolId) }),
  output: Nothing,
  faults: ['InvalidParameter', 'NoDeliveryFor', 'UserNotConfirmed', 'PasswordResetRequired'],
  async run({ pool, user, input, store, now }) {
    await saveUser(store, pool, user, withPreference(pool, user, input, false), now)
    return {}
  },
})
