import type { ClientId } from '../../domain/ids.ts'
import { changePassword } from '../../flows/recovery.ts'
import { Secret } from '../../lib/secret.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken, Nothing, Password } from '../shapes.ts'

export default operation('ChangePassword', {
  doc: 'Replaces the password of the signed-in user, or gives one to a user who has none.',
  access: accessToken,
  input: struct({
    PreviousPassword: Password,
    ProposedPassword: required(Password),
    AccessToken: required(AccessToken),
  }),
  output: Nothing,
  faults: [
    'IncorrectCredentials',
    'InvalidPassword',
    'InsecurePassword',
    'PasswordInHistory',
    'AttemptLimit',
    'UserNotConfirmed',
    'PasswordResetRequired',
  ],
  differs: 'The text for a missing PreviousPassword is that of the years in which it was required.',
  async run({ pool, user, clientId, input, now, ...app }) {
    const present = input.PreviousPassword === undefined ? undefined : new Secret(input.PreviousPassword)
    const client = { id: clientId as ClientId }
    const call = { app, pool, client, now, source: app.source }
    await changePassword(call, user, present, new Secret(input.ProposedPassword))
    return {}
  },
})
