import { withPreference } from '../../domain/mfa.ts'
import { saveUser } from '../../flows/save-user.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken, Nothing } from '../shapes.ts'
import { preferences } from './shapes.ts'

export default operation('SetUserMFAPreference', {
  doc: 'Switches the second factors of the signed-in user on and off and chooses the preferred one.',
  access: accessToken,
  input: struct({ ...preferences, AccessToken: required(AccessToken) }),
  output: Nothing,
  faults: ['InvalidParameter', 'NoDeliveryFor', 'UserNotConfirmed', 'PasswordResetRequired'],
  async run({ pool, user, input, store, now }) {
    await saveUser(store, pool, user, withPreference(pool, user, input, false), now)
    return {}
  },
})
