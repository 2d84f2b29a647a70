import { configureMfa } from '../../domain/pool-mfa.ts'
import { checkConfiguration } from '../../domain/pool-rules.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { describeMfa } from './describe.ts'
import { mfaMembers } from './shapes.ts'

export default operation('SetUserPoolMfaConfig', {
  doc: "Replaces a pool's second factors: a factor that the request leaves out is off.",
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), ...mfaMembers }),
  output: struct(mfaMembers),
  faults: ['InvalidParameter', 'FeatureUnavailableInTier', 'ConcurrentChange'],
  async run({ pool, input, store, region, now }) {
    const changed = { ...configureMfa(pool, input), modifiedAt: now }
    checkConfiguration(changed, region)
    await store.pools.save(changed)
    return describeMfa(changed)
  },
})
