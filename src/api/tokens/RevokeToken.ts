import { revokeRefreshToken } from '../../flows/sessions.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { secretClient } from '../access.ts'
import { ClientSecret } from '../clients/shapes.ts'
import { RevokeAssociatedSessions } from '../sessions/shapes.ts'
import { AccessToken, ClientId, Nothing } from '../shapes.ts'

export default operation('RevokeToken', {
  doc: 'Ends the session of a refresh token: with it fall the access and ID tokens that came from it.',
  access: secretClient,
  input: struct({
    Token: required(AccessToken),
    ClientId: required(ClientId),
    ClientSecret,
    RevokeAssociatedSessions,
  }),
  output: Nothing,
  faults: ['RevocationOff', 'UnsupportedTokenType'],
  differs: 'The texts are assumed.',
  async run({ pool, client, input, now, ...app }) {
    const request = { token: input.Token, associated: input.RevokeAssociatedSessions }
    await revokeRefreshToken(app, pool, client, request, now)
    return {}
  },
})
