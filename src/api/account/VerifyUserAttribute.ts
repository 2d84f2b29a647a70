import { verifyAttribute } from '../../flows/attributes.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken, AttributeName, Nothing } from '../shapes.ts'
import { ConfirmationCode } from '../sign-up/shapes.ts'

export default operation('VerifyUserAttribute', {
  doc: 'Verifies an email address or a phone number of the signed-in user with the code that was sent to it.',
  access: accessToken,
  input: struct({
    AccessToken: required(AccessToken),
    AttributeName: required(AttributeName),
    Code: required(ConfirmationCode),
  }),
  output: Nothing,
  faults: [
    'NotVerifiable',
    'CodeMismatch',
    'CodeExpired',
    'AliasExists',
    'AttemptLimit',
    'UserNotConfirmed',
    'PasswordResetRequired',
  ],
  async run({ pool, user, input, now, ...app }) {
    await verifyAttribute(app, pool, user, input.AttributeName, input.Code, now)
    return {}
  },
})
