import { associate } from '../../flows/software-tokens.ts'
import { operation } from '../../protocol/operation.ts'
import { struct } from '../../protocol/shape.ts'
import { tokenInForceOrSession } from '../access.ts'
import { AccessToken, Session } from '../shapes.ts'
import { SecretCode } from './shapes.ts'

export default operation('AssociateSoftwareToken', {
  doc: 'Hands out the key for an authenticator app, which counts once VerifySoftwareToken has seen a code made with it.',
  access: tokenInForceOrSession,
  input: struct({ AccessToken, Session }),
  output: struct({ SecretCode, Session }),
  faults: ['SoftwareTokensOff'],
  async run({ enrolment, now, ...app }) {
    const { secret, session } = await associate(app, enrolment, now)
    return { SecretCode: secret.reveal(), Session: session?.reveal() }
  },
})
