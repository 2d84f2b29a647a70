import { resendCode } from '../../flows/sign-up.ts'
import { triggerFaults } from '../../flows/triggers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { appClient } from '../access.ts'
import { sourceByClient } from '../context.ts'
import { AnalyticsMetadata, ClientId, ClientMetadata, Username } from '../shapes.ts'
import { UserContextData } from '../sign-in/shapes.ts'
import { CodeDeliveryDetails, SecretHash, showDelivery } from './shapes.ts'

export default operation('ResendConfirmationCode', {
  doc: 'Sends a new code to confirm a sign-up with, in place of the one before.',
  access: appClient,
  input: struct({
    ClientId: required(ClientId),
    SecretHash,
    UserContextData,
    Username: required(Username),
    AnalyticsMetadata,
    ClientMetadata,
  }),
  output: struct({ CodeDeliveryDetails }),
  faults: [
    'SecretHashMissing',
    'SecretHashWrong',
    'AddressBlocked',
    'UserNotFoundByClient',
    'UserDisabled',
    'AttemptLimit',
    'InvalidParameter',
    'AlreadyConfirmed',
    'NothingToResend',
    'DeliveryNotConfigured',
    ...triggerFaults,
  ],
  async run({ pool, client, input, now, ...app }) {
    const named = { name: input.Username, secretHash: input.SecretHash }
    const source = sourceByClient(app.source, pool, client, input.UserContextData)
    const call = { app, pool, client, now, source, metadata: input.ClientMetadata }
    return { CodeDeliveryDetails: showDelivery(await resendCode(call, named)) }
  },
})
