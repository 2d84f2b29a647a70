import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  DescribeUserPoolCommand,
  GetUserPoolMfaConfigCommand,
  ListTagsForResourceCommand,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateUserPoolCommand,
  type UpdateUserPoolCommandInput,
  type UserPoolType,
} from '@aws-sdk/client-cognito-identity-provider'
import { createPool, refusal, smsConfiguration } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  defaults,
  everySetting,
  everySettingShown,
  invalid,
  kmsKey,
  lambda,
  loseEveryRace,
  lostEveryRace,
  showPool,
} from '../../../test/pools.ts'
import {
  createReplicated,
  inRegion,
  notThere,
  replicable,
  replicate,
  sharedKey,
  there,
} from '../../../test/replicas.ts'

const arnOf = (poolId: string, region = there) =>
  `arn:aws:cognito-idp:${region}:123456789012:userpool/${poolId}`

describe('a pool in the region of its replica', () => {
  onEachStore((server) => {
    const west = () => inRegion(server())
    const show = async (UserPoolId: string): Promise<UserPoolType> =>
      (await west().send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool ?? assert.fail()
    const update = (UserPoolId: string, settings: Omit<UpdateUserPoolCommandInput, 'UserPoolId'>) =>
      west().send(new UpdateUserPoolCommand({ UserPoolId, ...settings }))
    const updateHome = (UserPoolId: string, settings: Omit<UpdateUserPoolCommandInput, 'UserPoolId'>) =>
      server().client.send(new UpdateUserPoolCommand({ UserPoolId, ...settings }))
    const setMfa = (UserPoolId: string, config: Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>) =>
      west().send(new SetUserPoolMfaConfigCommand({ UserPoolId, ...config }))

    const KeyConfiguration = { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: sharedKey } as const
    const regional = {
      EmailConfiguration: {
        EmailSendingAccount: 'DEVELOPER',
        SourceArn: `arn:aws:ses:${there}:123456789012:identity/west@example.com`,
      },
      SmsConfiguration: { ...smsConfiguration, ExternalId: 'west' },
      LambdaConfig: { PreSignUp: lambda('west', there) },
      UserPoolTags: { side: 'west' },
    } satisfies Partial<UpdateUserPoolCommandInput>

    test('shows the settings of the primary, and begins with regional ones of its own', async () => {
      const UserPoolId = await createPool(server(), { ...everySetting, KeyConfiguration })
      await replicate(server(), UserPoolId)
      const home = await showPool(server(), UserPoolId)
      const { SmsConfiguration: _, ...rest } = { ...home, ...everySettingShown, KeyConfiguration }
      const { EmailConfiguration, LambdaConfig } = defaults
      const own = { EmailConfiguration, LambdaConfig, UserPoolTags: {}, Arn: arnOf(UserPoolId) }
      assert.deepEqual(await show(UserPoolId), { ...rest, ...own })
    })

    test('follows the primary in what is shared, and keeps what is its own; so does the primary', async () => {
      const UserPoolId = await createReplicated(server())
      await update(UserPoolId, regional)
      const home = {
        EmailConfiguration: { ReplyToEmailAddress: 'east@example.com' },
        LambdaConfig: { PreSignUp: lambda('east') },
        UserPoolTags: { side: 'east' },
      }
      server().clock.now += 1000
      await updateHome(UserPoolId, {
        KeyConfiguration,
        PoolName: 'both',
        DeletionProtection: 'ACTIVE',
        ...home,
      })
      const SnsRegion = there
      const SmsConfiguration = { ...regional.SmsConfiguration, SnsRegion }
      const there_ = await show(UserPoolId)
      assert.partialDeepStrictEqual(there_, { ...regional, SmsConfiguration, Name: 'both' })
      assert.equal(there_.DeletionProtection, 'ACTIVE')
      assert.deepEqual(there_.LastModifiedDate, new Date(server().clock.now))
      const here = await showPool(server(), UserPoolId)
      assert.deepEqual(here.LambdaConfig, home.LambdaConfig)
      assert.deepEqual(here.UserPoolTags, home.UserPoolTags)
      assert.deepEqual(here.SmsConfiguration, { ...smsConfiguration, SnsRegion: 'us-east-1' })
    })

    test('takes the whole configuration as it stands, with what is regional changed', async () => {
      const UserPoolId = await createPool(server(), { ...everySetting, KeyConfiguration })
      await replicate(server(), UserPoolId)
      const { AdminCreateUserConfig, ...shown } = await show(UserPoolId)
      const { UnusedAccountValidityDays: _, ...invitation } = AdminCreateUserConfig ?? {}
      const whole = { ...shown, PoolName: shown.Name, AdminCreateUserConfig: invitation }
      await update(UserPoolId, { ...whole, ...regional } as never)
      assert.partialDeepStrictEqual(await show(UserPoolId), {
        ...shown,
        ...regional,
        SmsConfiguration: { ...regional.SmsConfiguration, SnsRegion: there },
      })
    })

    const shared: readonly (readonly [what: string, settings: Partial<UpdateUserPoolCommandInput>])[] = [
      ['another name', { PoolName: 'west' }],
      ['other passwords', { Policies: { PasswordPolicy: { MinimumLength: 9 } } }],
      ['protection', { DeletionProtection: 'ACTIVE' }],
      ['MFA', { MfaConfiguration: 'ON' }],
      ['another plan', { UserPoolTier: 'PLUS' }],
      ['another key', { KeyConfiguration: { KeyType: 'AWS_OWNED_KEY' } }],
    ]
    for (const [what, settings] of shared) {
      test(`refuses ${what}, and changes nothing`, async () => {
        const UserPoolId = await createReplicated(server())
        const before = await show(UserPoolId)
        await assert.rejects(update(UserPoolId, { ...regional, ...settings }), notThere)
        assert.deepEqual(await show(UserPoolId), before)
      })
    }

    test('holds its own settings to the rules of its region', async () => {
      const UserPoolId = await createReplicated(server())
      await assert.rejects(
        update(UserPoolId, { LambdaConfig: { PreSignUp: lambda('east') } }),
        invalid('Cross-region lambda functions are not supported'),
      )
    })

    describe('in its factors', () => {
      test('changes how SMS is sent, and nothing else', async () => {
        const UserPoolId = await createReplicated(server())
        const SmsMfaConfiguration = { SmsConfiguration: regional.SmsConfiguration }
        const { $metadata: _, ...shown } = await setMfa(UserPoolId, {
          MfaConfiguration: 'OPTIONAL',
          SmsMfaConfiguration,
        })
        const SmsConfiguration = { ...regional.SmsConfiguration, SnsRegion: there }
        assert.deepEqual(shown, { MfaConfiguration: 'OPTIONAL', SmsMfaConfiguration: { SmsConfiguration } })
        const home = await server().client.send(new GetUserPoolMfaConfigCommand({ UserPoolId }))
        assert.equal(home.SmsMfaConfiguration?.SmsConfiguration?.ExternalId, 'cognate')
        for (const other of [
          { MfaConfiguration: 'ON' as const },
          { SoftwareTokenMfaConfiguration: { Enabled: true } },
          { SmsMfaConfiguration: { ...SmsMfaConfiguration, SmsAuthenticationMessage: 'West {####}' } },
        ]) {
          const config = { MfaConfiguration: 'OPTIONAL' as const, SmsMfaConfiguration, ...other }
          await assert.rejects(setMfa(UserPoolId, config), notThere)
        }
      })
    })

    test('has tags of its own, under its own ARN', async () => {
      const UserPoolId = await createReplicated(server(), { UserPoolTags: { side: 'east' } })
      const tagsOf = async (client = west(), ResourceArn = arnOf(UserPoolId)) =>
        (await client.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags
      const ResourceArn = arnOf(UserPoolId)
      await west().send(new TagResourceCommand({ ResourceArn, Tags: { side: 'west', level: '1' } }))
      await west().send(new UntagResourceCommand({ ResourceArn, TagKeys: ['level'] }))
      assert.deepEqual(await tagsOf(), { side: 'west' })
      assert.deepEqual(await tagsOf(server().client, arnOf(UserPoolId, 'us-east-1')), { side: 'east' })
      const absent = refusal('ResourceNotFoundException', `User pool ${UserPoolId} does not exist.`)
      await assert.rejects(tagsOf(server().client), absent)
      await assert.rejects(tagsOf(west(), arnOf(UserPoolId, 'us-east-1')), absent)
    })

    test('loses no tag of many at once', async () => {
      const UserPoolId = await createReplicated(server())
      const keys = Array.from({ length: 10 }, (_, index) => `key-${index}`)
      const tag = (key: string) =>
        west().send(new TagResourceCommand({ ResourceArn: arnOf(UserPoolId), Tags: { [key]: '' } }))
      await Promise.all(keys.map(tag))
      assert.deepEqual(Object.keys((await show(UserPoolId)).UserPoolTags ?? {}).toSorted(), keys)
    })

    test('an update that somebody else always outruns', async (t) => {
      const UserPoolId = await createReplicated(server())
      const { pools } = server().app.store
      loseEveryRace(t, pools, ({ id, region }) => pools.find(id, region))
      await assert.rejects(update(UserPoolId, regional), lostEveryRace)
    })

    describe('binds the primary', () => {
      let UserPoolId: string
      before(async () => {
        UserPoolId = await createReplicated(server())
      })

      test('to its key', async () => {
        for (const key of [{}, { KeyConfiguration: { ...KeyConfiguration, KmsKeyArn: kmsKey } }]) {
          await assert.rejects(
            updateHome(UserPoolId, key),
            invalid('A user pool with replicas needs a customer managed multi-Region key.'),
          )
        }
      })

      test('to its plan', async () => {
        await assert.rejects(
          updateHome(UserPoolId, { KeyConfiguration, UserPoolTier: 'LITE' }),
          refusal(
            'TierChangeNotAllowedException',
            'The following features need to be disabled for the LITE pricing tier configured: Multi-Region Replication',
          ),
        )
      })

      test('also while it is being made', async () => {
        const pool = await createPool(server(), replicable)
        const unkey = updateHome(pool, {})
        const [, replicated] = await Promise.allSettled([unkey, replicate(server(), pool)])
        const { KeyConfiguration: key } = await showPool(server(), pool)
        assert.equal(key?.KmsKeyArn !== undefined, replicated.status === 'fulfilled')
      })
    })
  })
})
