import { createServer } from '../../flows/resource-servers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { Identifier, Name, ResourceServer, Scopes, shownServer } from './shapes.ts'

export default operation('CreateResourceServer', {
  doc: 'Creates a resource server. Clients may have its scopes from then on, as `identifier/scope`.',
  access: iamOnPool,
  input: struct({
    UserPoolId: required(UserPoolId),
    Identifier: required(Identifier),
    Name: required(Name),
    Scopes,
  }),
  output: struct({ ResourceServer: required(ResourceServer) }),
  faults: ['InvalidParameter', 'ServerExists', 'TooMany'],
  differs:
    'The texts are assumed, and that identifiers below `aws.cognito` and a scope that is named twice are refused.',
  async run({ pool, input, store }) {
    const server = {
      poolId: pool.id,
      identifier: input.Identifier,
      name: input.Name,
      scopes: input.Scopes ?? [],
    }
    await createServer(store, server)
    return { ResourceServer: shownServer(server) }
  },
})
