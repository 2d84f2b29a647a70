import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AddCustomAttributesCommand,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  GetUserPoolMfaConfigCommand,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
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
  freshSchema,
  invalid,
  lambda,
  loseEveryRace,
  lostEveryRace,
  showPool,
  unsaid,
} from '../../../test/pools.ts'
import { emailConfiguration, emailFactor, smsFactor, tokenFactor } from '../../../test/sign-in.ts'
import { planRules, poolRules } from '../../../test/suites/pool-rules.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'
import operation from './UpdateUserPool.ts'

type Settings = Omit<UpdateUserPoolCommandInput, 'UserPoolId'>
type Factors = Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>

const { Policies, AdminCreateUserConfig } = everySettingShown
const sms = { ...smsConfiguration, SnsRegion: 'us-east-1' }
const multiFactor = { FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION' } as const

/** What SetUserPoolMfaConfig has set up, what an update says, and what stands then. */
const factors: readonly (readonly [what: string, before: Factors, sent: Settings, after: Factors])[] = [
  [
    'SMS when there is nothing else',
    {},
    { MfaConfiguration: 'ON', SmsConfiguration: smsConfiguration },
    { MfaConfiguration: 'ON', SmsMfaConfiguration: { SmsConfiguration: sms } },
  ],
  [
    'the factors that are there',
    { MfaConfiguration: 'OPTIONAL', ...tokenFactor, ...emailFactor },
    { MfaConfiguration: 'ON', SmsConfiguration: smsConfiguration },
    { MfaConfiguration: 'ON', ...tokenFactor, ...emailFactor },
  ],
  [
    'the factors that are there when nothing is said',
    { MfaConfiguration: 'OPTIONAL', ...smsFactor, ...tokenFactor, WebAuthnConfiguration: multiFactor },
    {},
    {
      MfaConfiguration: 'OPTIONAL',
      SmsMfaConfiguration: { SmsConfiguration: sms },
      ...tokenFactor,
      WebAuthnConfiguration: multiFactor,
    },
  ],
  [
    'passkeys alone when MFA goes off',
    { MfaConfiguration: 'OPTIONAL', ...smsFactor, ...tokenFactor, WebAuthnConfiguration: multiFactor },
    { MfaConfiguration: 'OFF' },
    { MfaConfiguration: 'OFF', WebAuthnConfiguration: multiFactor },
  ],
  [
    'the text of SMS, anew',
    { MfaConfiguration: 'OPTIONAL', ...smsFactor },
    { SmsAuthenticationMessage: 'Yours: {####}' },
    {
      MfaConfiguration: 'OPTIONAL',
      SmsMfaConfiguration: { SmsConfiguration: sms, SmsAuthenticationMessage: 'Yours: {####}' },
    },
  ],
]

describe('UpdateUserPool', () => {
  onEachStore((server) => {
    const create = async (input: Omit<CreateUserPoolCommandInput, 'PoolName'> = {}): Promise<string> => {
      const { UserPool } = await server().client.send(
        new CreateUserPoolCommand({ PoolName: 'the pool', ...input }),
      )
      return UserPool?.Id ?? assert.fail()
    }
    const update = async (UserPoolId: string, input: Settings): Promise<void> => {
      const { $metadata: _, ...output } = await server().client.send(
        new UpdateUserPoolCommand({ UserPoolId, ...input }),
      )
      assert.deepEqual(output, {})
    }
    const setFactors = async (UserPoolId: string, input: Factors) =>
      server().client.send(new SetUserPoolMfaConfigCommand({ UserPoolId, ...input }))
    /** The settings alone: what is fixed, and when it was said, left out. */
    const settingsOf = async (UserPoolId: string): Promise<Partial<UserPoolType>> => {
      const {
        Id,
        Arn,
        CreationDate,
        LastModifiedDate,
        SchemaAttributes,
        EstimatedNumberOfUsers,
        ...settings
      } = await showPool(server(), UserPoolId)
      return settings
    }

    test('everything that can be said is shown as it was said', async () => {
      const UserPoolId = await create()
      const sent = { ...everySetting, PoolName: 'another name' }
      assert.deepEqual(unsaid(operation.input, { UserPoolId, ...sent }), [
        'SmsConfiguration.EumsSms',
        'AdminCreateUserConfig.UnusedAccountValidityDays',
      ])
      await update(UserPoolId, sent)
      assert.deepEqual(await settingsOf(UserPoolId), { ...everySettingShown, Name: 'another name' })
    })

    test('the same again changes nothing but the date', async () => {
      const UserPoolId = await create()
      await update(UserPoolId, everySetting)
      const before = await showPool(server(), UserPoolId)
      server().clock.now += 60_000
      await update(UserPoolId, everySetting)
      assert.deepEqual(await showPool(server(), UserPoolId), {
        ...before,
        LastModifiedDate: new Date(server().clock.now),
      })
    })

    test('what is left out returns to its default, but for what AWS keeps', async () => {
      const UserPoolId = await create(everySetting)
      const { AutoVerifiedAttributes } = everySetting
      await update(UserPoolId, { AutoVerifiedAttributes })
      const { MfaConfiguration, SmsConfiguration, UserAttributeUpdateSettings, UserPoolTier } = everySetting
      assert.deepEqual(await settingsOf(UserPoolId), {
        ...defaults,
        Name: 'the pool',
        AutoVerifiedAttributes,
        Policies,
        AdminCreateUserConfig: { ...defaults.AdminCreateUserConfig, UnusedAccountValidityDays: 3 },
        MfaConfiguration,
        SmsConfiguration,
        UserAttributeUpdateSettings,
        UserPoolTier,
        DcrConfiguration: everySetting.DcrConfiguration,
      })
    })

    test('what is kept must fit what is not', async () => {
      const UserPoolId = await create(everySetting)
      await assert.rejects(
        update(UserPoolId, {}),
        invalid(
          'All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes',
        ),
      )
      assert.deepEqual(await settingsOf(UserPoolId), { ...everySettingShown, Name: 'the pool' })
    })

    const { PasswordPolicy, SignInPolicy } = Policies
    const days = AdminCreateUserConfig.UnusedAccountValidityDays
    const stated = {
      MinimumLength: 9,
      RequireUppercase: false,
      RequireLowercase: false,
      RequireNumbers: false,
      RequireSymbols: false,
      TemporaryPasswordValidityDays: 7,
    }
    const passwordsOnly = { AllowedFirstAuthFactors: ['PASSWORD' as const] }
    for (const [what, sent, after, daysAfter] of [
      [
        'passwords alone',
        { Policies: { PasswordPolicy: { MinimumLength: 9 } } },
        { PasswordPolicy: stated, SignInPolicy },
        7,
      ],
      [
        'first factors alone',
        { Policies: { SignInPolicy: passwordsOnly } },
        { PasswordPolicy, SignInPolicy: passwordsOnly },
        days,
      ],
      [
        'the life of a temporary password alone',
        { AdminCreateUserConfig: { UnusedAccountValidityDays: 9 } },
        { PasswordPolicy: { ...PasswordPolicy, TemporaryPasswordValidityDays: 9 }, SignInPolicy },
        9,
      ],
      ['nothing', { Policies: {} }, Policies, days],
    ] as const) {
      test(`a policy that is not named stays: ${what}`, async () => {
        const UserPoolId = await create({ Policies: everySetting.Policies })
        await update(UserPoolId, sent)
        assert.deepEqual(await settingsOf(UserPoolId), {
          ...defaults,
          Name: 'the pool',
          Policies: after,
          AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: daysAfter },
        })
      })
    }

    test('what is fixed stays', async () => {
      const fixed = { AliasAttributes: ['email' as const], UsernameConfiguration: { CaseSensitive: false } }
      const UserPoolId = await create({
        ...fixed,
        Schema: [{ Name: 'email', Required: true, Mutable: true }],
      })
      const before = await showPool(server(), UserPoolId)
      server().clock.now += 60_000
      await update(UserPoolId, { DeletionProtection: 'ACTIVE' })
      assert.deepEqual(await showPool(server(), UserPoolId), {
        ...before,
        DeletionProtection: 'ACTIVE',
        LastModifiedDate: new Date(server().clock.now),
      })
    })

    for (const [what, before, sent, after] of factors) {
      test(`MFA has ${what}`, async () => {
        const UserPoolId = await create({ EmailConfiguration: emailConfiguration })
        await setFactors(UserPoolId, before)
        await update(UserPoolId, { EmailConfiguration: emailConfiguration, ...sent })
        const { $metadata: _, ...shown } = await server().client.send(
          new GetUserPoolMfaConfigCommand({ UserPoolId }),
        )
        assert.deepEqual(shown, after)
      })
    }

    test('email MFA stays in the way of mail that the service sends', async () => {
      const UserPoolId = await create({ EmailConfiguration: emailConfiguration })
      await setFactors(UserPoolId, { MfaConfiguration: 'OPTIONAL', ...emailFactor })
      await assert.rejects(
        update(UserPoolId, {}),
        invalid(
          'Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT. Update the value of EmailSendingAccount.',
        ),
      )
    })

    test('passkeys that count as MFA may be a first factor', async () => {
      const UserPoolId = await create()
      await setFactors(UserPoolId, {
        MfaConfiguration: 'ON',
        ...smsFactor,
        ...tokenFactor,
        WebAuthnConfiguration: multiFactor,
      })
      await update(UserPoolId, {
        Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
      })
      assert.deepEqual((await showPool(server(), UserPoolId)).Policies?.SignInPolicy, {
        AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'],
      })
    })

    test('the invitation needs no password where users may come without one', async () => {
      const UserPoolId = await create()
      await update(UserPoolId, {
        Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
        AdminCreateUserConfig: { InviteMessageTemplate: { EmailMessage: 'Welcome' } },
      })
      assert.deepEqual((await showPool(server(), UserPoolId)).AdminCreateUserConfig?.InviteMessageTemplate, {
        EmailMessage: 'Welcome',
      })
    })

    poolRules(async (settings) => update(await create(), settings))

    describe('in a plan', () => {
      planRules('FeatureUnavailableInTierException', async (settings) =>
        update(await create({ UserPoolTier: settings.UserPoolTier }), settings),
      )
    })

    describe('coming from a higher plan', () => {
      planRules('TierChangeNotAllowedException', async (settings) =>
        update(await create({ UserPoolTier: 'PLUS' }), settings),
      )

      const notAllowed = (...names: string[]) =>
        refusal(
          'TierChangeNotAllowedException',
          `The following features need to be disabled for the LITE pricing tier configured: ${names.join(', ')}`,
        )

      test('what is kept must be in the plan', async () => {
        const UserPoolId = await create({ Policies: everySetting.Policies })
        await assert.rejects(
          update(UserPoolId, { UserPoolTier: 'LITE' }),
          notAllowed('Passwordless Sign-In', 'Password History'),
        )
      })

      test('so must the factors', async () => {
        const UserPoolId = await create({ EmailConfiguration: emailConfiguration })
        await setFactors(UserPoolId, {
          MfaConfiguration: 'OPTIONAL',
          ...emailFactor,
          WebAuthnConfiguration: multiFactor,
        })
        await assert.rejects(
          update(UserPoolId, { EmailConfiguration: emailConfiguration, UserPoolTier: 'LITE' }),
          notAllowed('Email MFA', 'Passkey MFA'),
        )
      })
    })

    test('a plan that is not high enough yet', async () => {
      await assert.rejects(
        update(await create({ UserPoolTier: 'LITE' }), {
          UserPoolTier: 'ESSENTIALS',
          UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
        }),
        refusal(
          'FeatureUnavailableInTierException',
          'The following features need to be disabled for the ESSENTIALS pricing tier configured: Threat Protection',
        ),
      )
    })

    test('changes made at the same time are all made', async () => {
      const UserPoolId = await createPool(server())
      await Promise.all([
        update(UserPoolId, { LambdaConfig: { PreSignUp: lambda('a') } }),
        server().client.send(
          new AddCustomAttributesCommand({
            UserPoolId,
            CustomAttributes: [{ Name: 'level', AttributeDataType: 'Boolean' }],
          }),
        ),
      ])
      const pool = await showPool(server(), UserPoolId)
      assert.deepEqual(pool.LambdaConfig, { PreSignUp: lambda('a') })
      assert.equal(pool.SchemaAttributes?.length, freshSchema.length + 1)
    })

    test('one who loses every race is told so', async (t) => {
      const UserPoolId = await create()
      const { pools } = server().app.store
      loseEveryRace(t, pools, ({ id }) => pools.find(id))
      await assert.rejects(update(UserPoolId, { PoolName: 'late' }), lostEveryRace)
      assert.equal((await showPool(server(), UserPoolId)).Name, 'the pool')
    })

    poolMustExist(server, (UserPoolId) => update(UserPoolId, {}))
  })
})
