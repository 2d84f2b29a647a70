import { Fault } from '../../domain/faults.ts'
import { poolIdAlphabet, spell, type UserPoolId } from '../../domain/ids.ts'
import type { Pool } from '../../domain/pool.ts'
import { factorsOf } from '../../domain/pool-mfa.ts'
import { checkConfiguration, checkTags } from '../../domain/pool-rules.ts'
import { resolveSettings } from '../../domain/pool-settings.ts'
import { checkTier } from '../../domain/pool-tier.ts'
import { mustHaveRoom } from '../../domain/quotas.ts'
import { createSchema } from '../../domain/schema.ts'
import { makeSigningKeys } from '../../flows/signing.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnAccount } from '../access.ts'
import { describePool } from './describe.ts'
import {
  AliasAttributes,
  PoolName,
  Schema,
  settings,
  UsernameAttributes,
  UsernameConfiguration,
  UserPool,
} from './shapes.ts'

export default operation('CreateUserPool', {
  doc: 'Creates a user pool with its signing keys.',
  access: iamOnAccount,
  input: struct({
    PoolName: required(PoolName),
    ...settings,
    AliasAttributes,
    UsernameAttributes,
    Schema,
    UsernameConfiguration,
  }),
  output: struct({ UserPool }),
  faults: ['InvalidParameter', 'FeaturesBeyondTier', 'InvalidTags', 'TooMany'],
  differs: 'The text for too many pools is assumed.',
  async run({ input, store, random, keyMaker, vault, site, region, now }) {
    const {
      PoolName,
      AliasAttributes,
      UsernameAttributes,
      Schema,
      UsernameConfiguration,
      UserPoolTags,
      ...request
    } = input
    if (AliasAttributes?.length && UsernameAttributes?.length) {
      throw new Fault(
        'InvalidParameter',
        'Only one of the aliasAttributes or usernameAttributes can be set in a User pool.',
      )
    }
    checkTags(UserPoolTags ?? {})
    const settings = resolveSettings(request, region)
    const mfa = factorsOf(settings)
    checkTier({ settings, mfa })
    checkConfiguration({ settings, mfa }, region)
    const pool: Pool = {
      id: `${region}_${spell(poolIdAlphabet, 9, random.bytes)}` as UserPoolId,
      region,
      name: PoolName,
      createdAt: now,
      modifiedAt: now,
      version: 1,
      schema: createSchema(Schema ?? []),
      identity: {
        ...(AliasAttributes?.length && { aliasAttributes: AliasAttributes }),
        ...(UsernameAttributes?.length && { usernameAttributes: UsernameAttributes }),
        caseSensitive: UsernameConfiguration?.CaseSensitive ?? true,
        caseSensitivityStated: UsernameConfiguration !== undefined,
      },
      settings,
      mfa,
      tags: UserPoolTags ?? {},
    }
    const keys = await makeSigningKeys(keyMaker, vault, pool.id)
    await store.transaction(async (store) => {
      mustHaveRoom('user pools in a Region', await store.pools.hold(region))
      await store.pools.create(pool, keys)
    })
    return { UserPool: describePool(pool, site.accountId, 0, []) }
  },
})
