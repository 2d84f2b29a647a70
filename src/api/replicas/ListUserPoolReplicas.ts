import { Fault } from '../../domain/faults.ts'
import { regionOf } from '../../domain/ids.ts'
import { operation } from '../../protocol/operation.ts'
import { list, required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { PoolPageKey, UserPoolId } from '../shapes.ts'
import { describeReplica, UserPoolReplica } from './shapes.ts'

export default operation('ListUserPoolReplicas', {
  doc: 'Shows in which Regions a user pool is: the primary, and its secondary if there is one.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), NextToken: PoolPageKey }),
  output: struct({ UserPoolReplicas: list(UserPoolReplica), NextToken: PoolPageKey }),
  faults: ['InvalidParameter'],
  differs: 'A pool without a replica lists its primary alone: assumed.',
  async run({ pool, input, store, site }) {
    // There is one page, and so no token that would ask for another.
    if (input.NextToken !== undefined) throw new Fault('InvalidParameter', 'Invalid pagination token.')
    const primary = { poolId: pool.id, region: regionOf(pool.id), role: 'PRIMARY', status: 'ACTIVE' } as const
    const replicas = await store.replicas.of([pool.id])
    const all = [primary, ...replicas.map((replica) => ({ ...replica, role: 'SECONDARY' as const }))]
    return {
      UserPoolReplicas: all
        .toSorted((a, b) => (a.region < b.region ? -1 : 1))
        .map((one) => describeReplica(one, one.role, one.status, site.accountId)),
    }
  },
})
