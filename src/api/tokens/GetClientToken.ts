import { clientToken } from '../../flows/client-token.ts'
import { operation } from '../../protocol/operation.ts'
import { integer, list, required, struct } from '../../protocol/shape.ts'
import { appClient } from '../access.ts'
import { ClientSecret, Scope } from '../clients/shapes.ts'
import { AccessToken, ClientId, ClientMetadata, Text } from '../shapes.ts'

export default operation('GetClientToken', {
  doc: 'An access token for a client itself, which proves who it is with its secret: machine to machine.',
  access: appClient,
  input: struct({
    ClientId: required(ClientId),
    Secret: required(ClientSecret),
    Scopes: list(Scope, { max: 50 }),
    ClientMetadata,
  }),
  output: struct({
    ClientAuthenticationResult: struct({ AccessToken, ExpiresIn: integer(), TokenType: Text }),
  }),
  faults: ['ClientTokenNotEnabled', 'ClientSecretWrong', 'InvalidParameter'],
  differs:
    'The texts are assumed, and that a PreTokenGeneration function that fails is told of as InvalidParameterException.',
  async run({ pool, client, input, now, ...app }) {
    const { Secret: secret, Scopes: scopes, ClientMetadata: metadata } = input
    const token = await clientToken(app, pool, client, { secret, scopes, metadata }, now)
    return {
      ClientAuthenticationResult: {
        AccessToken: token.accessToken,
        ExpiresIn: token.expiresIn,
        TokenType: 'Bearer',
      },
    }
  },
})
