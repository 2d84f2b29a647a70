import { createSchema } from '../../domain/attribute.ts'
import { Fault } from '../../domain/faults.ts'
import { poolIdAlphabet, spell, type UserPoolId } from '../../domain/ids.ts'
import { checkFactors, checkTags, type Pool, withDefaults } from '../../domain/pool.ts'
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
    ...settings,
    PoolName: required(PoolName),
    AliasAttributes,
    UsernameAttributes,
    Schema,
    UsernameConfiguration,
  }),
  output: struct({ UserPool }),
  faults: ['InvalidParameter', 'FeatureUnavailableInTier', 'InvalidTags'],
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
    if (AliasAttributes !== undefined && UsernameAttributes !== undefined) {
      throw new Fault(
        'InvalidParameter',
        'Only one of the aliasAttributes or usernameAttributes can be set in a user pool.',
      )
    }
    checkTags(UserPoolTags ?? {})
    const settings = withDefaults(request, undefined)
    const mfa = {
      sms: settings.MfaConfiguration !== 'OFF' && settings.SmsConfiguration !== undefined,
      softwareToken: false,
    }
    checkFactors(settings, mfa)
    const pool: Pool = {
      id: `${region}_${spell(poolIdAlphabet, 9, random.bytes)}` as UserPoolId,
      name: PoolName,
      createdAt: now,
      modifiedAt: now,
      version: 1,
      schema: createSchema(Schema ?? []),
      identity: {
        ...(AliasAttributes && { aliasAttributes: AliasAttributes }),
        ...(UsernameAttributes && { usernameAttributes: UsernameAttributes }),
        caseSensitive: UsernameConfiguration?.CaseSensitive ?? true,
        caseSensitivityStated: UsernameConfiguration !== undefined,
      },
      settings,
      mfa,
      tags: UserPoolTags ?? {},
    }
    const keys = await makeSigningKeys(keyMaker, vault, pool.id)
    await store.pools.create(pool, keys)
    return { UserPool: describePool(pool, site.accountId, 0) }
  },
})
