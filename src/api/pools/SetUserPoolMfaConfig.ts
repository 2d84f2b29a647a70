import { configureMfa } from '../../domain/pool-mfa.ts'
import { checkConfiguration } from '../../domain/pool-rules.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { describeMfa } from './describe.ts'
import { changedHere } from './regional.ts'
import { mfaMembers } from './shapes.ts'

export default operation('SetUserPoolMfaConfig', {
  doc: "Replaces a pool's second factors: a factor that the request leaves out is off.",
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), ...mfaMembers }),
  output: struct(mfaMembers),
  faults: ['InvalidParameter', 'FeatureUnavailableInTier', 'ConcurrentChange', 'OperationNotEnabled'],
  differs: 'In the Region of a replica everything but SmsConfiguration must be as it stands: assumed.',
  async run({ pool, input, store, now }) {
    const { UserPoolId: _, ...named } = input
    const updated = { ...configureMfa(pool, input), modifiedAt: now }
    const changed = changedHere(pool, updated, named, describeMfa)
    checkConfiguration(changed, pool.region)
    await store.pools.save(changed)
    return describeMfa(changed)
  },
})
