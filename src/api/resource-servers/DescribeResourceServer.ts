import { findServer } from '../../flows/resource-servers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { Identifier, ResourceServer, shownServer } from './shapes.ts'

export default operation('DescribeResourceServer', {
  doc: 'Shows a resource server.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), Identifier: required(Identifier) }),
  output: struct({ ResourceServer: required(ResourceServer) }),
  faults: ['ServerNotFound'],
  differs:
    'The text is assumed, and so is the server of dynamic client registration: `aws.cognito/dcr`, while the pool has it on.',
  run: async ({ pool, input, store }) => ({
    ResourceServer: shownServer(await findServer(store, pool, input.Identifier)),
  }),
})
