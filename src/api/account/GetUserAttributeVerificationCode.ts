import { requestVerification } from '../../flows/attributes.ts'
import { triggerFaults } from '../../flows/triggers.ts'
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
    ...triggerFaults,
  ],
  differs: differsInLinks,
  async run({ pool, user, clientId, input, now, ...app }) {
    const sending = { app, pool, now, client: { id: clientId }, metadata: input.ClientMetadata }
    const delivery = await requestVerification(sending, user, input.AttributeName)
    return { CodeDeliveryDetails: showDelivery(delivery) }
  },
})
