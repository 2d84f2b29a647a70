import { withoutSecret } from '../../domain/client-secrets.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { ClientId, Nothing, UserPoolId } from '../shapes.ts'
import { ClientSecretId } from './shapes.ts'

export default operation('DeleteUserPoolClientSecret', {
  doc: "Takes one of an app client's secrets away. The last one stays.",
  access: iamOnClient,
  input: struct({
    UserPoolId: required(UserPoolId),
    ClientId: required(ClientId),
    ClientSecretId: required(ClientSecretId),
  }),
  output: Nothing,
  faults: ['InvalidParameter', 'ClientSecretNotFound'],
  differs: 'The texts are assumed.',
  async run({ client, input, store, now }) {
    await store.clients.save({
      ...client,
      secrets: withoutSecret(client, input.ClientSecretId),
      modifiedAt: now,
    })
    return {}
  },
})
