import { forgotPassword } from '../../flows/recovery.ts'
import { triggerFaults } from '../../flows/triggers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { appClient } from '../access.ts'
import { sourceByClient } from '../context.ts'
import { AnalyticsMetadata, ClientId, ClientMetadata, Username } from '../shapes.ts'
import { UserContextData } from '../sign-in/shapes.ts'
import { CodeDeliveryDetails, SecretHash, showDelivery } from '../sign-up/shapes.ts'

export default operation('ForgotPassword', {
  doc: 'Sends a code to set a new password with, to an address that is verified.',
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
    'CannotReset',
    'NoRecoveryAddress',
    'RecoveryByAdministrator',
    'DeliveryNotConfigured',
    ...triggerFaults,
    'MigrationFailed',
  ],
  differs:
    'A client that hides who exists is always told of a code that was sent, where AWS now and then refuses instead. Risk is not assessed: it is 20 attempts an hour together with ConfirmForgotPassword, where AWS has 5 to 20.',
  async run({ pool, client, input, now, ...app }) {
    const named = { name: input.Username, secretHash: input.SecretHash }
    const source = sourceByClient(app.source, pool, client, input.UserContextData)
    const call = { app, pool, client, now, source, metadata: input.ClientMetadata }
    return { CodeDeliveryDetails: showDelivery(await forgotPassword(call, named)) }
  },
})
