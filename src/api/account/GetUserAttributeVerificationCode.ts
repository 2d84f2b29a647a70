import { requestVerification } from '../../flows/attributes.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken, AttributeName, ClientMetadata } from '../shapes.ts'
import { CodeDeliveryDetails, differsInLinks, showDelivery } from '../sign-up/shapes.ts'

export default operation('GetUserAttributeVerificationCode', {
  doc: 'Sends the signed-in user a code to verify an email address or a phone number with.',
  access: accessToken,
  input: struct({
    AccessToken: required(AccessToken),
    AttributeName: required(AttributeName),
    ClientMetadata,
  }),
  output: struct({ CodeDeliveryDetails }),
  faults: [
    'NotVerifiable',
    'InvalidParameter',
    'AttemptLimit',
    'UserNotConfirmed',
    'PasswordResetRequired',
    'DeliveryNotConfigured',
    'TriggerUnavailable',
  ],
  differs: differsInLinks,
  async run({ pool, user, input, now, ...app }) {
    const delivery = await requestVerification(app, pool, user, input.AttributeName, now)
    return { CodeDeliveryDetails: showDelivery(delivery) }
  },
})
