import { verify } from '../../flows/software-tokens.ts'
import { operation } from '../../protocol/operation.ts'
import { oneOf, required, struct } from '../../protocol/shape.ts'
import { tokenOrSession } from '../access.ts'
import { AccessToken, Session, Text } from '../shapes.ts'
import { UserCode } from './shapes.ts'

export default operation('VerifySoftwareToken', {
  doc: 'Registers an authenticator app by a code that it shows. The app from before is replaced, and the code is used up.',
  access: tokenOrSession,
  input: struct({ AccessToken, Session, UserCode: required(UserCode), FriendlyDeviceName: Text }),
  output: struct({ Status: oneOf('SUCCESS', 'ERROR'), Session }),
  faults: [
    'SoftwareTokensOff',
    'SoftwareTokenNotFound',
    'SoftwareTokenMismatch',
    'SoftwareTokenVerified',
    'UserNotConfirmed',
    'PasswordResetRequired',
  ],
  async run({ enrolment, input, now, ...app }) {
    const given = { code: input.UserCode, deviceName: input.FriendlyDeviceName }
    const { session } = await verify(app, enrolment, given, now)
    return { Status: 'SUCCESS' as const, Session: session?.reveal() }
  },
})
