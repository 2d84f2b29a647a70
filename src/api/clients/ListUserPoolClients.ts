import { pageOf } from '../../flows/pages.ts'
import { operation } from '../../protocol/operation.ts'
import { list, required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { ClientId, PageKey, QueryLimit, UserPoolId } from '../shapes.ts'
import { ClientName, ClientType } from './shapes.ts'

export default operation('ListUserPoolClients', {
  doc: "Lists a pool's app clients, a page at a time.",
  access: iamOnPool,
  input: struct({
    UserPoolId: required(UserPoolId),
    MaxResults: QueryLimit,
    NextToken: PageKey,
    ClientType,
  }),
  output: struct({
    UserPoolClients: list(struct({ ClientId, UserPoolId, ClientName })),
    NextToken: PageKey,
  }),
  faults: ['InvalidParameter'],
  async run({ pool, input, store, vault }) {
    // Clients that register themselves come with dynamic client registration; there are none yet.
    if (input.ClientType === 'DCR') return { UserPoolClients: [] }
    const page = await pageOf(vault, `clients ${pool.id}`, input.NextToken, input.MaxResults ?? 60, {
      load: (request) => store.clients.page(pool.id, request),
      key: (client) => client.id,
    })
    return {
      UserPoolClients: page.items.map((client) => ({
        ClientId: client.id,
        UserPoolId: client.poolId,
        ClientName: client.settings.ClientName,
      })),
      NextToken: page.next,
    }
  },
})
