import { mustBeConfirmed } from '../../domain/user.ts'
import { signOutEverywhere } from '../../flows/sessions.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessTokenInForce } from '../access.ts'
import { AccessToken, Nothing } from '../shapes.ts'

export default operation('GlobalSignOut', {
  doc: 'Revokes every token of the signed-in user, at every client. Sessions at managed login go on.',
  access: accessTokenInForce,
  input: struct({ AccessToken: required(AccessToken) }),
  output: Nothing,
  faults: ['UserNotConfirmed', 'PasswordResetRequired'],
  async run({ pool, user, now, input: _, ...app }) {
    mustBeConfirmed(user)
    await signOutEverywhere(app, pool, user, now)
    return {}
  },
})
