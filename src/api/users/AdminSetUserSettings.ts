import { withLegacyOptions } from '../../domain/mfa.ts'
import { saveUser } from '../../flows/save-user.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { MFAOptions, Nothing, Username, UserPoolId } from '../shapes.ts'

export default operation('AdminSetUserSettings', {
  doc: 'Turns the legacy SMS MFA of a user on or off. Superseded by AdminSetUserMFAPreference.',
  access: iamOnUser,
  input: struct({
    UserPoolId: required(UserPoolId),
    Username: required(Username),
    MFAOptions: required(MFAOptions),
  }),
  output: Nothing,
  faults: ['InvalidParameter', 'NoDeliveryFor'],
  differs:
    'The texts for EMAIL, for another attribute and for a user without a phone number are assumed: no capture of them is known.',
  async run({ pool, user, input, store, now }) {
    await saveUser(store, pool, user, withLegacyOptions(user, input.MFAOptions), now)
    return {}
  },
})
