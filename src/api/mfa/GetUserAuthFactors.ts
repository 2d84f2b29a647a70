import { mustBeConfirmed } from '../../domain/user.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken } from '../shapes.ts'
import { AuthFactors, showAuthFactors } from './auth-factors.ts'

export default operation('GetUserAuthFactors', {
  doc: 'Shows with what the signed-in user can sign in, as a first factor and as a second.',
  access: accessToken,
  input: struct({ AccessToken: required(AccessToken) }),
  output: AuthFactors,
  faults: ['UserNotConfirmed', 'PasswordResetRequired'],
  async run({ pool, user, ...app }) {
    mustBeConfirmed(user)
    return showAuthFactors(app, pool, user)
  },
})
