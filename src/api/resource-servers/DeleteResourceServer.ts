import { deleteServer } from '../../flows/resource-servers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { Nothing, UserPoolId } from '../shapes.ts'
import { Identifier } from './shapes.ts'

export default operation('DeleteResourceServer', {
  doc: 'Deletes a resource server. Clients keep its scopes, and get no token with them.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), Identifier: required(Identifier) }),
  output: Nothing,
  faults: ['ServerNotFound', 'ServerManaged'],
  differs: 'The texts are assumed, and that the server of dynamic client registration cannot be deleted.',
  async run({ pool, input, store }) {
    await deleteServer(store, pool, input.Identifier)
    return {}
  },
})
