import { refreshWithSecret } from '../../flows/refresh.ts'
import { triggerFaults } from '../../flows/triggers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { appClient } from '../access.ts'
import { ClientSecret } from '../clients/shapes.ts'
import { DeviceKey } from '../devices/shapes.ts'
import { AccessToken, ClientId, ClientMetadata } from '../shapes.ts'
import { AuthenticationResult, renderTokens } from '../sign-in/shapes.ts'

export default operation('GetTokensFromRefreshToken', {
  doc: 'New tokens for a refresh token; a new refresh token too, where the client rotates them.',
  access: appClient,
  input: struct({
    RefreshToken: required(AccessToken),
    ClientId: required(ClientId),
    ClientSecret,
    DeviceKey,
    ClientMetadata,
  }),
  output: struct({ AuthenticationResult }),
  faults: [
    'ClientSecretMissing',
    'ClientSecretWrong',
    'InvalidRefreshToken',
    'UserDisabled',
    'RefreshTokenRevoked',
    'RefreshTokenExpired',
    'RefreshTokenReused',
    ...triggerFaults,
  ],
  differs:
    'A replaced token that is used a minute later or more ends the whole session (RFC 9700, 4.14.2); AWS documents the refusal only. The texts about secrets are assumed.',
  async run({ pool, client, input, now, ...app }) {
    const { source } = app
    const signIn = {
      app,
      pool,
      client,
      now,
      source,
      validationData: undefined,
      metadata: input.ClientMetadata,
    }
    const { RefreshToken, ClientSecret, DeviceKey } = input
    const tokens = await refreshWithSecret(signIn, RefreshToken, ClientSecret, DeviceKey)
    return { AuthenticationResult: renderTokens(tokens) }
  },
})
