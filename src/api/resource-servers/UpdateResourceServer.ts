import { updateServer } from '../../flows/resource-servers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { Identifier, Name, ResourceServer, Scopes, shownServer } from './shapes.ts'

export default operation('UpdateResourceServer', {
  doc: "Replaces a resource server's name and scopes. Clients keep a scope that is gone, and get no token with it.",
  access: iamOnPool,
  input: struct({
    UserPoolId: required(UserPoolId),
    Identifier: required(Identifier),
    Name: required(Name),
    Scopes,
  }),
  output: struct({ ResourceServer: required(ResourceServer) }),
  faults: ['InvalidParameter', 'ServerNotFound', 'ServerManaged'],
  differs: 'The texts are assumed, and that the server of dynamic client registration cannot be changed.',
  async run({ pool, input, store }) {
    const server = {
      poolId: pool.id,
      identifier: input.Identifier,
      name: input.Name,
      scopes: input.Scopes ?? [],
    }
    await updateServer(store, pool, server)
    return { ResourceServer: shownServer(server) }
  },
})
