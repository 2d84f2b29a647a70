import { checkFactors, checkTags, withDefaults } from '../../domain/pool.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { Nothing, UserPoolId } from '../shapes.ts'
import { PoolName, settings } from './shapes.ts'

export default operation('UpdateUserPool', {
  doc: 'Replaces the settings of a user pool: what the request leaves out returns to its default.',
  access: iamOnPool,
  input: struct({ ...settings, UserPoolId: required(UserPoolId), PoolName }),
  output: Nothing,
  faults: ['InvalidParameter', 'FeatureUnavailableInTier', 'InvalidTags', 'ConcurrentChange'],
  async run({ pool, input, store, now }) {
    const { UserPoolId: _, PoolName, UserPoolTags, ...request } = input
    checkTags(UserPoolTags ?? {})
    const settings = withDefaults(request, pool.settings)
    // The other factors belong to SetUserPoolMfaConfig; this operation knows the SMS configuration only.
    const mfa = {
      ...pool.mfa,
      sms: settings.MfaConfiguration !== 'OFF' && settings.SmsConfiguration !== undefined,
    }
    checkFactors(settings, mfa)
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
