import { setPreference } from '../../flows/mfa.ts'
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
  async run({ pool, user, input, now, ...app }) {
    await setPreference(app, pool, user, input, now)
    return {}
  },
})
