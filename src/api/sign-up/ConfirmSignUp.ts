import { confirmSignUp } from '../../flows/sign-up.ts'
import { triggerFaults } from '../../flows/triggers.ts'
import { operation } from '../../protocol/operation.ts'
import { boolean, required, struct } from '../../protocol/shape.ts'
import { appClient } from '../access.ts'
import { AnalyticsMetadata, ClientId, ClientMetadata, Session, Username } from '../shapes.ts'
import { UserContextData } from '../sign-in/shapes.ts'
import { ConfirmationCode, SecretHash } from './shapes.ts'

export default operation('ConfirmSignUp', {
  doc: 'Confirms a sign-up with the code that was sent, and verifies the address that it was sent to.',
  access: appClient,
  input: struct({
    ClientId: required(ClientId),
    SecretHash,
    Username: required(Username),
    ConfirmationCode: required(ConfirmationCode),
    ForceAliasCreation: boolean,
    AnalyticsMetadata,
    UserContextData,
    ClientMetadata,
    Session,
  }),
  output: struct({ Session }),
  faults: [
    'SecretHashMissing',
    'SecretHashWrong',
    'AddressBlocked',
    'UserNotFoundByClient',
    'UserDisabled',
    'AttemptLimit',
    'CannotConfirm',
    'CodeMismatch',
    'CodeExpired',
    'AliasExists',
    'InvalidSession',
    'SessionExpired',
    ...triggerFaults,
  ],
  differs:
    'Called without the session of SignUp, it hands one out only where such a code is a whole sign-in: on what condition AWS does is not known.',
  async run({ pool, client, input, now, ...app }) {
    const session = await confirmSignUp(
      { app, pool, client, now, source: app.source, metadata: input.ClientMetadata },
      {
        name: input.Username,
        secretHash: input.SecretHash,
        code: input.ConfirmationCode,
        forceAliasCreation: input.ForceAliasCreation ?? false,
        session: input.Session,
      },
    )
    return { Session: session?.reveal() }
  },
})
