import { mustNotNeedReset } from '../../domain/user.ts'
import { completeRegistration } from '../../flows/passkeys.ts'
import { operation } from '../../protocol/operation.ts'
import { document, required, struct } from '../../protocol/shape.ts'
import { accessTokenInForce } from '../access.ts'
import { AccessToken, Nothing } from '../shapes.ts'

export default operation('CompleteWebAuthnRegistration', {
  doc: 'Registers the passkey that a browser has made for the signed-in user.',
  access: accessTokenInForce,
  input: struct({ AccessToken: required(AccessToken), Credential: required(document) }),
  output: Nothing,
  faults: [
    'InvalidParameter',
    'PasskeysOff',
    'PasskeyChallengeNotFound',
    'PasskeyOfOtherClient',
    'PasskeyOriginNotAllowed',
    'PasskeyOfOtherRelyingParty',
    'PasskeyNotSupported',
    'PasswordResetRequired',
    'TooMany',
  ],
  differs:
    'Passkeys of Android apps, whose origin is `android:apk-key-hash:`, are not accepted: no .well-known association file is read.',
  async run({ pool, user, clientId, input, now, ...app }) {
    mustNotNeedReset(user)
    await completeRegistration(app, { pool, user, clientId }, input.Credential, now)
    return {}
  },
})
