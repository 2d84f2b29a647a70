import type { Pool } from '../../domain/pool.ts'
import { factorsOf } from '../../domain/pool-mfa.ts'
import { checkConfiguration, checkTags } from '../../domain/pool-rules.ts'
import { resolveSettings } from '../../domain/pool-settings.ts'
import { checkTier } from '../../domain/pool-tier.ts'
import { mustHaveSharedKey } from '../../domain/replica.ts'
import { mustNotImport } from '../../flows/imports.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { Nothing, UserPoolId } from '../shapes.ts'
import { describePool } from './describe.ts'
import { changedHere } from './regional.ts'
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
    'OperationNotEnabled',
  ],
  differs:
    'In the Region of a replica everything but EmailConfiguration, SmsConfiguration, LambdaConfig and UserPoolTags must be as it stands, or left out; and a pool with a replica keeps its plan and its multi-Region key: both assumed.',
  async run({ pool, input, store, site, now }) {
    await mustNotImport(store, pool)
    const [replica] = await store.replicas.of([pool.id])
    const { UserPoolId: _, ...named } = input
    const { PoolName, UserPoolTags, ...request } = named
    checkTags(UserPoolTags ?? {})
    const settings = resolveSettings(request, pool.region, pool.settings)
    const updated: Pool = {
      ...pool,
      name: PoolName ?? pool.name,
      settings,
      mfa: factorsOf(settings, pool.mfa),
      tags: UserPoolTags ?? {},
      modifiedAt: now,
    }
    const changed = changedHere(pool, updated, named, (pool) => ({
      ...describePool(pool, site.accountId, 0, []),
      PoolName: pool.name,
    }))
    checkTier({ ...changed, replicated: replica !== undefined }, pool.settings.UserPoolTier)
    checkConfiguration(changed, pool.region)
    if (replica !== undefined) mustHaveSharedKey(changed.settings)
    await store.pools.save(changed)
    return {}
  },
})
