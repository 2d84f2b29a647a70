import { Fault } from '../../domain/faults.ts'
import { checkTags } from '../../domain/pool-rules.ts'
import { newReplica } from '../../domain/replica.ts'
import { DuplicateKey } from '../../ports/store.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPoolAndRegion } from '../access.ts'
import { Tags } from '../pools/shapes.ts'
import { UserPoolId } from '../shapes.ts'
import { describeReplica, RegionName, UserPoolReplica } from './shapes.ts'

export default operation('CreateUserPoolReplica', {
  doc: 'Makes a user pool reachable in a second Region, with the same users and keys and regional settings of its own.',
  access: iamOnPoolAndRegion,
  input: struct({
    UserPoolId: required(UserPoolId),
    RegionName: required(RegionName),
    UserPoolTags: Tags,
  }),
  output: struct({ UserPoolReplica }),
  faults: ['InvalidParameter', 'FeatureUnavailableInTier', 'InvalidTags', 'TooMany'],
  differs:
    'Any Region but the own can be had, and the KMS key is only read for being a multi-Region key. A replica is there at once: the answer says CREATING, and what follows says INACTIVE. It begins without SMS and triggers, and with mail by the service itself: assumed, as are the texts and the name of the feature.',
  async run({ pool, input, store, site, now }) {
    const { RegionName: region, UserPoolTags = {} } = input
    checkTags(UserPoolTags)
    const replica = newReplica(pool, region, UserPoolTags, now)
    try {
      await store.transaction(async (tables) => {
        // As it was, and at a new version: whoever updates or deletes the pool meanwhile looks again.
        await tables.pools.save(pool)
        await tables.replicas.create(replica)
      })
    } catch (error) {
      throw error instanceof DuplicateKey ? new Fault('TooMany', 'replicas of a user pool', 1) : error
    }
    return { UserPoolReplica: describeReplica(replica, 'SECONDARY', 'CREATING', site.accountId) }
  },
})
