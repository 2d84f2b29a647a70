import { resetPassword } from '../../flows/recovery.ts'
import { triggerFaults } from '../../flows/triggers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { ClientMetadata, Nothing, Username, UserPoolId } from '../shapes.ts'

export default operation('AdminResetUserPassword', {
  doc: "Takes a user's password away at once, and sends them a code to set another with.",
  access: iamOnUser,
  input: struct({ UserPoolId: required(UserPoolId), Username: required(Username), ClientMetadata }),
  output: Nothing,
  faults: [
    'UserDisabled',
    'CannotReset',
    'NoRecoveryAddress',
    'RecoveryByAdministrator',
    'DeliveryNotConfigured',
    ...triggerFaults,
  ],
  async run({ pool, user, input, now, ...app }) {
    await resetPassword({ app, pool, now, metadata: input.ClientMetadata }, user)
    return {}
  },
})
