import { Fault } from '../../domain/faults.ts'
import { regionOf } from '../../domain/ids.ts'
import { operation } from '../../protocol/operation.ts'
import { oneOf, required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { describeReplica, RegionName, UserPoolReplica } from './shapes.ts'

export default operation('UpdateUserPoolReplica', {
  doc: 'Lets users sign in through a replica, or no longer. Called in either Region.',
  access: iamOnPool,
  input: struct({
    UserPoolId: required(UserPoolId),
    RegionName: required(RegionName),
    Status: required(oneOf('ACTIVE', 'INACTIVE')),
  }),
  output: struct({ UserPoolReplica }),
  faults: ['InvalidParameter', 'ReplicaNotFound'],
  differs: 'The primary has no status to set: assumed, as are the texts.',
  async run({ pool, input, store, site }) {
    const { RegionName: region, Status } = input
    if (region === regionOf(pool.id))
      throw new Fault('InvalidParameter', 'The primary of a user pool is always active.')
    const replica = (await store.replicas.of([pool.id])).find((one) => one.region === region)
    if (replica === undefined) throw new Fault('ReplicaNotFound', pool.id, region)
    await store.replicas.save({ ...replica, status: Status })
    return { UserPoolReplica: describeReplica(replica, 'SECONDARY', Status, site.accountId) }
  },
})
