import { mustNotNeedReset } from '../../domain/user.ts'
import { startRegistration } from '../../flows/passkeys.ts'
import { operation } from '../../protocol/operation.ts'
import { document, required, struct } from '../../protocol/shape.ts'
import { accessTokenInForce } from '../access.ts'
import { AccessToken } from '../shapes.ts'

export default operation('StartWebAuthnRegistration', {
  doc: 'Hands out what a browser needs to make a passkey for the signed-in user.',
  access: accessTokenInForce,
  input: struct({ AccessToken: required(AccessToken) }),
  output: struct({ CredentialCreationOptions: required(document) }),
  faults: ['PasskeysOff', 'PasskeysNotConfigured', 'PasswordResetRequired', 'TooMany'],
  differs: 'The relying party must be configured: a domain of the user pool does not stand in for it yet.',
  async run({ pool, user, clientId, now, ...app }) {
    mustNotNeedReset(user)
    return { CredentialCreationOptions: await startRegistration(app, { pool, user, clientId }, now) }
  },
})
