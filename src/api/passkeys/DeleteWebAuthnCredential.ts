import { mustNotNeedReset } from '../../domain/user.ts'
import { deletePasskey } from '../../flows/passkeys.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessTokenInForce } from '../access.ts'
import { AccessToken, Nothing, Text } from '../shapes.ts'

export default operation('DeleteWebAuthnCredential', {
  doc: 'Deletes a passkey of the signed-in user.',
  access: accessTokenInForce,
  input: struct({ AccessToken: required(AccessToken), CredentialId: required(Text) }),
  output: Nothing,
  faults: ['PasskeyNotFound', 'PasswordResetRequired'],
  async run({ pool, user, input, now, ...app }) {
    mustNotNeedReset(user)
    await deletePasskey(app, pool, user, input.CredentialId, now)
    return {}
  },
})
