import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { ClientId, Nothing, UserPoolId } from '../shapes.ts'

export default operation('DeleteUserPoolClient', {
  doc: 'Deletes an app client. Its refresh tokens are worth nothing from then on.',
  access: iamOnClient,
  input: struct({ UserPoolId: required(UserPoolId), ClientId: required(ClientId) }),
  output: Nothing,
  faults: [],
  async run({ client, store }) {
    await store.clients.delete(client.poolId, client.id)
    return {}
  },
})
