import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { Username, UserPoolId } from '../shapes.ts'
import { AuthFactors, showAuthFactors } from './auth-factors.ts'

export default operation('AdminGetUserAuthFactors', {
  doc: 'Shows with what a user can sign in, as a first factor and as a second.',
  access: iamOnUser,
  input: struct({ UserPoolId: required(UserPoolId), Username: required(Username) }),
  output: AuthFactors,
  faults: [],
  async run({ pool, user, ...app }) {
    return showAuthFactors(app, pool, user)
  },
})
