import { pageOf } from '../../flows/pages.ts'
import { pageOfServers } from '../../flows/resource-servers.ts'
import { operation } from '../../protocol/operation.ts'
import { integer, list, required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { PoolPageKey, UserPoolId } from '../shapes.ts'
import { ResourceServer, shownServer } from './shapes.ts'

export default operation('ListResourceServers', {
  doc: "Lists a pool's resource servers in order of identifier, a page at a time.",
  access: iamOnPool,
  input: struct({
    UserPoolId: required(UserPoolId),
    MaxResults: integer({ min: 1, max: 50 }),
    NextToken: PoolPageKey,
  }),
  output: struct({ ResourceServers: required(list(ResourceServer)), NextToken: PoolPageKey }),
  faults: ['InvalidParameter'],
  differs: 'The server of dynamic client registration is listed while the pool has it on, which is assumed.',
  async run({ pool, input, store, vault }) {
    const listing = `resource servers ${pool.id}`
    const { items, next } = await pageOf(vault, listing, input.NextToken, input.MaxResults ?? 50, {
      load: (request) => pageOfServers(store, pool, request),
      key: ({ identifier }) => identifier,
    })
    return { ResourceServers: items.map(shownServer), NextToken: next }
  },
})
