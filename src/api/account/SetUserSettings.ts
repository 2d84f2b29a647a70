import { withLegacyOptions } from '../../domain/mfa.ts'
import { mustBeConfirmed } from '../../domain/user.ts'
import { saveUser } from '../../flows/save-user.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken, MFAOptions, Nothing } from '../shapes.ts'

export default operation('SetUserSettings', {
  doc: 'Turns the legacy SMS MFA of the signed-in user on or off. Superseded by SetUserMFAPreference.',
  access: accessToken,
  input: struct({ AccessToken: required(AccessToken), MFAOptions: required(MFAOptions) }),
  output: Nothing,
  faults: ['InvalidParameter', 'NoDeliveryFor', 'UserNotConfirmed', 'PasswordResetRequired'],
  differs:
    'The texts for EMAIL, for another attribute and for a user without a phone number are assumed: no capture of them is known.',
  async run({ pool, user, input, store, now }) {
    mustBeConfirmed(user)
    await saveUser(store, pool, user, withLegacyOptions(user, input.MFAOptions), now)
    return {}
  },
})
