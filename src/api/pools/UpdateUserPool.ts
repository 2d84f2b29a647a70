import { factorsOf } from '../../domain/pool-mfa.ts'
import { checkConfiguration, checkTags } from '../../domain/pool-rules.ts'
import { resolveSettings } from '../../domain/pool-settings.ts'
import { checkTier } from '../../domain/pool-tier.ts'
import { mustNotImport } from '../../flows/imports.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { Nothing, UserPoolId } from '../shapes.ts'
import { PoolName, settings } from './shapes.ts'

export default operation('UpdateUserPool', {
  doc: 'Replaces the settings of a user pool: most of what the request leaves out returns to its default.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), ...settings, PoolName }),
  output: Nothing,
  faults: [
    'InvalidParameter',
    'FeaturesBeyondTier',
    'TierChangeNotAllowed',
    'InvalidTags',
    'ConcurrentChange',
    'ImportInProgress',
  ],
  async run({ pool, input, store, region, now }) {
    await mustNotImport(store, pool)
    const { UserPoolId: _, PoolName, UserPoolTags, ...request } = input
    checkTags(UserPoolTags ?? {})
    const settings = resolveSettings(request, region, pool.settings)
    const mfa = factorsOf(settings, pool.mfa)
    checkTier({ ...pool, settings, mfa }, pool.settings.UserPoolTier)
    checkConfiguration({ settings, mfa }, region)
    await store.pools.save({
      ...pool,
      name: PoolName ?? pool.name,
      settings,
      mfa,
      tags: UserPoolTags ?? {},
      modifiedAt: now,
    })
    return {}
  },
})
