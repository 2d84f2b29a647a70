import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  type SchemaAttributeType,
  type UserPoolType,
} from '@aws-sdk/client-cognito-identity-provider'
import { documentedInput } from '../../../test/documented.ts'
import { smsConfiguration } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  defaults,
  elsewhere,
  everySetting,
  everySettingShown,
  freshSchema,
  invalid,
  lambda,
  showPool,
  unsaid,
} from '../../../test/pools.ts'
import { planRules, poolRules } from '../../../test/suites/pool-rules.ts'
import operation from './CreateUserPool.ts'

type Settings = Omit<CreateUserPoolCommandInput, 'PoolName'>

const eumsSms = {
  CallerArn: 'arn:aws:iam::123456789012:role/sms',
  ExternalId: 'cognate',
  OriginationIdentity: 'EXAMPLE',
  ConfigurationSetName: 'the-set',
  InEntityId: '1',
  InTemplateId: '2',
  Region: 'us-east-1',
}
const policy = defaults.Policies.PasswordPolicy
const nothingDemanded = {
  MinimumLength: 8,
  RequireUppercase: false,
  RequireLowercase: false,
  RequireNumbers: false,
  RequireSymbols: false,
  TemporaryPasswordValidityDays: 7,
}
const days = (PasswordPolicy: object, UnusedAccountValidityDays: number) => ({
  Policies: { ...defaults.Policies, PasswordPolicy },
  AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays },
})

/** What a request says, and what the pool shows otherwise than by default. */
const shown: readonly (readonly [what: string, sent: Settings, shown: Partial<UserPoolType>])[] = [
  [
    'a policy that says little demands nothing else',
    { Policies: { PasswordPolicy: { RequireNumbers: true } } },
    days({ ...nothingDemanded, RequireNumbers: true }, 7),
  ],
  ['policies that say nothing are the default', { Policies: {} }, {}],
  [
    'a history of no passwords is none',
    { Policies: { PasswordPolicy: { PasswordHistorySize: 0 } } },
    days(nothingDemanded, 7),
  ],
  [
    'the life of a temporary password has two homes',
    { Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 2 } } },
    days({ ...nothingDemanded, TemporaryPasswordValidityDays: 2 }, 2),
  ],
  [
    'and is taken from the older one',
    { AdminCreateUserConfig: { UnusedAccountValidityDays: 30 } },
    days({ ...policy, TemporaryPasswordValidityDays: 30 }, 30),
  ],
  [
    'zero days say nothing',
    {
      Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 0 } },
      AdminCreateUserConfig: { UnusedAccountValidityDays: 5 },
    },
    days({ ...nothingDemanded, TemporaryPasswordValidityDays: 5 }, 5),
  ],
  ['also in the older one', { AdminCreateUserConfig: { UnusedAccountValidityDays: 0 } }, days(policy, 7)],

  [
    'verification texts have two homes',
    {
      SmsVerificationMessage: 'SMS {####}',
      EmailVerificationMessage: 'Mail {####}',
      EmailVerificationSubject: 'Subject',
    },
    {
      SmsVerificationMessage: 'SMS {####}',
      EmailVerificationMessage: 'Mail {####}',
      EmailVerificationSubject: 'Subject',
      VerificationMessageTemplate: {
        SmsMessage: 'SMS {####}',
        EmailMessage: 'Mail {####}',
        EmailSubject: 'Subject',
        DefaultEmailOption: 'CONFIRM_WITH_CODE',
      },
    },
  ],
  [
    'and are taken from the newer one',
    {
      VerificationMessageTemplate: {
        SmsMessage: 'SMS {####}',
        EmailMessage: 'Mail {####}',
        EmailSubject: 'Subject',
      },
    },
    {
      SmsVerificationMessage: 'SMS {####}',
      EmailVerificationMessage: 'Mail {####}',
      EmailVerificationSubject: 'Subject',
      VerificationMessageTemplate: {
        SmsMessage: 'SMS {####}',
        EmailMessage: 'Mail {####}',
        EmailSubject: 'Subject',
        DefaultEmailOption: 'CONFIRM_WITH_CODE',
      },
    },
  ],
  [
    'two texts are shown as they were sent',
    { SmsVerificationMessage: 'Old {####}', VerificationMessageTemplate: { SmsMessage: 'New {####}' } },
    {
      SmsVerificationMessage: 'Old {####}',
      VerificationMessageTemplate: { SmsMessage: 'New {####}', DefaultEmailOption: 'CONFIRM_WITH_CODE' },
    },
  ],

  [
    'the trigger before tokens has two homes',
    { LambdaConfig: { PreTokenGeneration: lambda('a') } },
    {
      LambdaConfig: {
        PreTokenGeneration: lambda('a'),
        PreTokenGenerationConfig: { LambdaVersion: 'V1_0', LambdaArn: lambda('a') },
      },
    },
  ],
  [
    'and is taken from the newer one',
    { LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: lambda('a') } } },
    {
      LambdaConfig: {
        PreTokenGeneration: lambda('a'),
        PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: lambda('a') },
      },
    },
  ],

  [
    'SMS goes out in the pool’s region',
    { SmsConfiguration: smsConfiguration },
    { SmsConfiguration: { ...smsConfiguration, SnsRegion: 'us-east-1' } },
  ],
  [
    'SMS by another service is shown as it was sent',
    { SmsConfiguration: { EumsSms: eumsSms } },
    { SmsConfiguration: { EumsSms: eumsSms } },
  ],
  [
    'mail is sent by the service itself',
    { EmailConfiguration: { ReplyToEmailAddress: 'help@example.com' } },
    {
      EmailConfiguration: {
        EmailSendingAccount: 'COGNITO_DEFAULT',
        ReplyToEmailAddress: 'help@example.com',
      },
    },
  ],
  [
    'registration is on when it is named',
    { DcrConfiguration: {} },
    {
      DcrConfiguration: {
        EnableStatus: 'Enabled',
        OpenDcrEnabled: false,
        AuthenticatedGrantTypes: ['code', 'client_credentials'],
        OpenDcrGrantTypes: ['code'],
      },
    },
  ],
  [
    'levels of authentication keep their names',
    { AcrConfiguration: { Level3: { AcrValue: 'strong' } } },
    { AcrConfiguration: { ...defaults.AcrConfiguration, Level3: { AcrValue: 'strong' } } },
  ],
  ['recovery as it once was', { AccountRecoverySetting: {} }, { AccountRecoverySetting: {} }],
  ['attributes that need no verification', { UserAttributeUpdateSettings: {} }, {}],
  [
    'attributes of which none needs verification',
    { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: [] } },
    { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: [] } },
  ],
  ['keys that are AWS’s', { KeyConfiguration: {} }, {}],
  ['an issuer that is the original', { IssuerConfiguration: {} }, {}],
  [
    'threat protection that is off',
    { UserPoolAddOns: { AdvancedSecurityMode: 'OFF' } },
    { UserPoolAddOns: { AdvancedSecurityMode: 'OFF' } },
  ],
  ['lists of no attributes', { AliasAttributes: [], UsernameAttributes: [] }, {}],
  ['email as the username', { UsernameAttributes: ['email'] }, { UsernameAttributes: ['email'] }],
  [
    'names in any case',
    { UsernameConfiguration: { CaseSensitive: true } },
    { UsernameConfiguration: { CaseSensitive: true } },
  ],
]

const customs: SchemaAttributeType[] = [
  {
    Name: 'level',
    AttributeDataType: 'Number',
    NumberAttributeConstraints: { MinValue: '-1', MaxValue: '99' },
    StringAttributeConstraints: { MinLength: '1', MaxLength: '99' },
    DeveloperOnlyAttribute: true,
    Mutable: true,
    Required: false,
  },
  { Name: 'since', AttributeDataType: 'DateTime' },
]
const schemaWith = (...changed: SchemaAttributeType[]) =>
  freshSchema.map((attribute) => changed.find(({ Name }) => Name === attribute.Name) ?? attribute)

describe('CreateUserPool', () => {
  onEachStore((server) => {
    const create = async (input: Settings = {}, PoolName = 'the pool'): Promise<UserPoolType> => {
      const { UserPool, ...rest } = await server().client.send(
        new CreateUserPoolCommand({ PoolName, ...input }),
      )
      assert.deepEqual(Object.keys(rest), ['$metadata'])
      assert.ok(UserPool)
      return UserPool
    }
    const own = (pool: UserPoolType) => ({
      Id: pool.Id,
      Name: 'the pool',
      Arn: `arn:aws:cognito-idp:us-east-1:123456789012:userpool/${pool.Id}`,
      CreationDate: new Date(server().clock.now),
      LastModifiedDate: new Date(server().clock.now),
      EstimatedNumberOfUsers: 0,
      SchemaAttributes: freshSchema,
    })

    test('a name is enough, and the rest is shown', async () => {
      const pool = await create()
      assert.match(pool.Id ?? '', /^us-east-1_[0-9A-Za-z]{9}$/)
      assert.deepEqual(pool, { ...defaults, ...own(pool) })
      assert.deepEqual(await showPool(server(), pool.Id ?? ''), pool)
    })

    test('everything that can be said is shown as it was said', async () => {
      const sent = {
        ...everySetting,
        AliasAttributes: ['email', 'phone_number', 'preferred_username'],
        UsernameConfiguration: { CaseSensitive: false },
        Schema: [{ Name: 'email', Required: true, Mutable: true }, ...customs],
      } satisfies Settings
      assert.deepEqual(unsaid(operation.input, sent), [
        'PoolName',
        'SmsConfiguration.EumsSms',
        'AdminCreateUserConfig.UnusedAccountValidityDays',
        'UsernameAttributes',
      ])
      const pool = await create(sent)
      const { Schema: _, ...settings } = sent
      assert.deepEqual(pool, {
        ...settings,
        ...everySettingShown,
        ...own(pool),
        SchemaAttributes: [
          ...schemaWith({
            ...freshSchema.find(({ Name }) => Name === 'email'),
            Required: true,
            Mutable: true,
          }),
          {
            Name: 'dev:custom:level',
            AttributeDataType: 'Number',
            NumberAttributeConstraints: { MinValue: '-1', MaxValue: '99' },
            DeveloperOnlyAttribute: true,
            Mutable: true,
            Required: false,
          },
          {
            Name: 'custom:since',
            AttributeDataType: 'DateTime',
            DeveloperOnlyAttribute: false,
            Mutable: false,
            Required: false,
          },
        ],
      })
      assert.deepEqual(await showPool(server(), pool.Id ?? ''), pool)
    })

    test('the request of AWS’s documentation is shown as it was sent', async () => {
      const { PoolName, Schema, ...settings } = documentedInput<CreateUserPoolCommandInput>('CreateUserPool')
      const pool = await create({ ...settings, Schema }, PoolName)
      assert.partialDeepStrictEqual(pool, { Name: PoolName, ...settings })
      assert.equal(pool.SchemaAttributes?.at(-1)?.Name, 'dev:custom:mydev')
    })

    for (const [what, sent, changed] of shown) {
      test(what, async () => {
        const pool = await create(sent)
        assert.deepEqual(pool, { ...defaults, ...changed, ...own(pool) })
        assert.deepEqual(await showPool(server(), pool.Id ?? ''), pool)
      })
    }

    test('each pool has an id and two keys of its own', async () => {
      const [one, other] = [await create(), await create()]
      assert.notEqual(one.Id, other.Id)
      const kids = await Promise.all(
        [one, other].map(async ({ Id }) => {
          const response = await server().web(`/${Id}/.well-known/jwks.json`)
          const { keys } = (await response.json()) as { keys: { kid: string; alg: string; use: string }[] }
          assert.deepEqual(
            keys.map(({ alg, use }) => ({ alg, use })),
            [
              { alg: 'RS256', use: 'sig' },
              { alg: 'RS256', use: 'sig' },
            ],
          )
          return keys.map(({ kid }) => kid)
        }),
      )
      assert.equal(new Set(kids.flat()).size, 4)
    })

    test('a pool is of the region that the request is signed for', async () => {
      const european = elsewhere(server(), 'eu-west-1')
      const { UserPool } = await european.send(
        new CreateUserPoolCommand({
          PoolName: 'the pool',
          SmsConfiguration: smsConfiguration,
          LambdaConfig: { PreSignUp: lambda('a', 'eu-west-1') },
        }),
      )
      assert.match(UserPool?.Id ?? '', /^eu-west-1_[0-9A-Za-z]{9}$/)
      assert.equal(UserPool?.Arn, `arn:aws:cognito-idp:eu-west-1:123456789012:userpool/${UserPool?.Id}`)
      assert.equal(UserPool?.SmsConfiguration?.SnsRegion, 'eu-west-1')
    })

    poolRules(create)
    planRules('FeatureUnavailableInTierException', create)

    test('refuses two kinds of names that are attributes', () =>
      assert.rejects(
        create({ AliasAttributes: ['preferred_username'], UsernameAttributes: ['email'] }),
        invalid('Only one of the aliasAttributes or usernameAttributes can be set in a User pool.'),
      ))

    test('refuses a schema that cannot be', () =>
      assert.rejects(
        create({ Schema: [{ Name: 'level', AttributeDataType: 'Number', Required: true }] }),
        invalid('Required custom attributes are not supported currently.'),
      ))

    test('refuses what the members themselves do not allow, all at once', () =>
      assert.rejects(
        create(
          { Policies: { PasswordPolicy: { MinimumLength: 5 } }, SmsVerificationMessage: 'No code' },
          '*',
        ),
        invalid(
          [
            "3 validation errors detected: Value '*' at 'poolName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w\\s+=,.@-]+",
            "Value '5' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: Member must have value greater than or equal to 6",
            "Value 'No code' at 'smsVerificationMessage' failed to satisfy constraint: Member must satisfy regular expression pattern: .*\\{####\\}.*",
          ].join('; '),
        ),
      ))
  })
})
