import { confirmForgotPassword } from '../../flows/recovery.ts'
import { triggerFaults } from '../../flows/triggers.ts'
import { Secret } from '../../lib/secret.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { appClient } from '../access.ts'
import { sourceByClient } from '../context.ts'
import { AnalyticsMetadata, ClientId, ClientMetadata, Nothing, Password, Username } from '../shapes.ts'
import { UserContextData } from '../sign-in/shapes.ts'
import { ConfirmationCode, SecretHash } from '../sign-up/shapes.ts'

export default operation('ConfirmForgotPassword', {
  doc: 'Sets a new password with the code that ForgotPassword or AdminResetUserPassword sent.',
  access: appClient,
  input: struct({
    ClientId: required(ClientId),
    SecretHash,
    Username: required(Username),
    ConfirmationCode: required(ConfirmationCode),
    Password: required(Password),
    AnalyticsMetadata,
    UserContextData,
    ClientMetadata,
  }),
  output: Nothing,
  faults: [
    'SecretHashMissing',
    'SecretHashWrong',
    'AddressBlocked',
    'UserNotFoundByClient',
    'UserDisabled',
    'UserNotConfirmed',
    'AttemptLimit',
    'InvalidParameter',
    'InvalidPassword',
    'InsecurePassword',
    'PasswordInHistory',
    'CodeMismatch',
    'CodeExpired',
    ...triggerFaults,
  ],
  async run({ pool, client, input, now, ...app }) {
    const source = sourceByClient(app.source, pool, client, input.UserContextData)
    await confirmForgotPassword(
      { app, pool, client, now, source, metadata: input.ClientMetadata },
      {
        name: input.Username,
        secretHash: input.SecretHash,
        code: input.ConfirmationCode,
        password: new Secret(input.Password),
      },
    )
    return {}
  },
})
