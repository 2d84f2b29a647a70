import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { ClientId, UserPoolId } from '../shapes.ts'
import { describeClient } from './describe.ts'
import { UserPoolClient } from './shapes.ts'

export default operation('DescribeUserPoolClient', {
  doc: "Shows an app client's configuration, its secret included.",
  access: iamOnClient,
  input: struct({ UserPoolId: required(UserPoolId), ClientId: required(ClientId) }),
  output: struct({ UserPoolClient }),
  faults: [],
  async run({ client, input: _, ...app }) {
    return { UserPoolClient: describeClient(app, client) }
  },
})
