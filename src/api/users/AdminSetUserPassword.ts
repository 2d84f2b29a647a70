import { checkPassword } from '../../domain/password-policy.ts'
import { replacePassword } from '../../flows/recovery.ts'
import { Secret } from '../../lib/secret.ts'
import { operation } from '../../protocol/operation.ts'
import { boolean, required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { Nothing, Password, Username, UserPoolId } from '../shapes.ts'

export default operation('AdminSetUserPassword', {
  doc: "Sets a user's password, for good or until the next sign-in.",
  access: iamOnUser,
  input: struct({
    UserPoolId: required(UserPoolId),
    Username: required(Username),
    Password: required(Password),
    Permanent: boolean,
  }),
  output: Nothing,
  faults: ['InvalidPassword', 'PasswordInHistory'],
  async run({ pool, user, input, now, ...app }) {
    checkPassword(input.Password, pool.settings.Policies.PasswordPolicy)
    const status = input.Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD'
    await replacePassword(app, pool, user, new Secret(input.Password), status, now)
    return {}
  },
})
