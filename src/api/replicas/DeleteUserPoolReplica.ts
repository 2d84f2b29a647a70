import { Fault } from '../../domain/faults.ts'
import { regionOf } from '../../domain/ids.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { describeReplica, RegionName, UserPoolReplica } from './shapes.ts'

export default operation('DeleteUserPoolReplica', {
  doc: 'Takes a user pool out of its second Region, with what was set there. Called in either Region.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), RegionName: required(RegionName) }),
  output: struct({ UserPoolReplica }),
  faults: ['InvalidParameter', 'ReplicaNotFound'],
  differs:
    'A replica is gone at once, active or not: the answer says DELETING, and what follows says nothing of it. The texts are assumed.',
  async run({ pool, input, store, site }) {
    const { RegionName: region } = input
    if (region === regionOf(pool.id))
      throw new Fault('InvalidParameter', 'The primary of a user pool is no replica to delete.')
    if (!(await store.replicas.delete(pool.id, region))) throw new Fault('ReplicaNotFound', pool.id, region)
    const gone = { poolId: pool.id, region }
    return { UserPoolReplica: describeReplica(gone, 'SECONDARY', 'DELETING', site.accountId) }
  },
})
