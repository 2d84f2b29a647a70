import type { Replica } from '../../domain/replica.ts'
import { pageOf } from '../../flows/pages.ts'
import { operation } from '../../protocol/operation.ts'
import { integer, list, required, struct, timestamp } from '../../protocol/shape.ts'
import { iamOnAccount } from '../access.ts'
import { PoolPageKey, Text, UserPoolId } from '../shapes.ts'
import { LambdaConfig, PoolName, Status } from './shapes.ts'

export default operation('ListUserPools', {
  doc: 'Lists the user pools of the region, a page at a time.',
  access: iamOnAccount,
  input: struct({ NextToken: PoolPageKey, MaxResults: required(integer({ min: 1, max: 60 })) }),
  output: struct({
    UserPools: list(
      struct({
        Id: UserPoolId,
        Name: PoolName,
        LambdaConfig,
        Status,
        LastModifiedDate: timestamp,
        CreationDate: timestamp,
        ReplicaRegions: list(Text),
      }),
    ),
    NextToken: PoolPageKey,
  }),
  faults: ['InvalidParameter'],
  differs:
    'ReplicaRegions names the Regions of secondary replicas, and is absent where a pool has none: assumed.',
  async run({ input, store, region, vault }) {
    const page = await pageOf(vault, `pools ${region}`, input.NextToken, input.MaxResults, {
      load: (request) => store.pools.page(region, request),
      key: (pool) => pool.id,
    })
    const replicas = await store.replicas.of(page.items.map(({ id }) => id))
    return {
      UserPools: page.items.map((pool) => ({
        Id: pool.id,
        Name: pool.name,
        LambdaConfig: pool.settings.LambdaConfig,
        LastModifiedDate: pool.modifiedAt,
        CreationDate: pool.createdAt,
        ReplicaRegions: regionsOf(replicas.filter(({ poolId }) => poolId === pool.id)),
      })),
      NextToken: page.next,
    }
  },
})

const regionsOf = (replicas: readonly Replica[]) =>
  replicas.length === 0 ? undefined : replicas.map(({ region }) => region)
