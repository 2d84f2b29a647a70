import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  GetUserPoolMfaConfigCommand,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
  type SetUserPoolMfaConfigCommandOutput,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createPool, refusal, smsConfiguration } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { invalid, loseEveryRace, lostEveryRace, showPool, unsaid } from '../../../test/pools.ts'
import { emailConfiguration, emailFactor, smsFactor, tokenFactor } from '../../../test/sign-in.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'
import operation from './SetUserPoolMfaConfig.ts'

type Input = Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>
type Pool = Parameters<typeof createPool>[1]
type Output = Omit<SetUserPoolMfaConfigCommandOutput, '$metadata'>

const plain: Pool = { MfaConfiguration: 'OFF', SmsConfiguration: undefined }
const withSms: Pool = { MfaConfiguration: 'OFF' }
const withMail: Pool = { ...plain, EmailConfiguration: emailConfiguration }
const sms = { ...smsConfiguration, SnsRegion: 'us-east-1' }
const single = { WebAuthnConfiguration: { FactorConfiguration: 'SINGLE_FACTOR' } } as const
const multi = {
  WebAuthnConfiguration: { FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION' },
} as const
const on = { MfaConfiguration: 'ON' } as const
const optional = { MfaConfiguration: 'OPTIONAL' } as const
const noTokens = { SoftwareTokenMfaConfiguration: { Enabled: false } }

const everything = {
  SmsMfaConfiguration: {
    SmsAuthenticationMessage: 'Yours: {####}',
    SmsConfiguration: { ...smsConfiguration, SnsRegion: 'eu-central-1' },
  },
  ...tokenFactor,
  EmailMfaConfiguration: { Message: 'Yours: {####}', Subject: 'Your code' },
  ...optional,
  WebAuthnConfiguration: {
    RelyingPartyId: 'auth.example.com',
    UserVerification: 'required',
    FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION',
  },
} as const

/** What a pool takes, and what it shows where that is not what was sent. */
const taken: readonly (readonly [what: string, pool: Pool, sent: Input, shown?: Output])[] = [
  ['nothing at all, which is off', plain, {}, { MfaConfiguration: 'OFF' }],
  ['off', plain, { MfaConfiguration: 'OFF' }],
  ['off with passkeys', plain, { MfaConfiguration: 'OFF', ...single }],
  ['tokens', plain, { ...on, ...tokenFactor }],
  [
    'SMS by the pool’s configuration',
    withSms,
    { ...on, SmsMfaConfiguration: {} },
    { ...on, SmsMfaConfiguration: { SmsConfiguration: sms } },
  ],
  [
    'SMS by a configuration of its own',
    plain,
    { ...on, ...smsFactor },
    { ...on, SmsMfaConfiguration: { SmsConfiguration: sms } },
  ],
  [
    'SMS without tokens, said so',
    withSms,
    { ...on, SmsMfaConfiguration: {}, ...noTokens },
    { ...on, SmsMfaConfiguration: { SmsConfiguration: sms }, ...noTokens },
  ],
  [
    'tokens of which nothing is said',
    withSms,
    { ...on, SmsMfaConfiguration: {}, SoftwareTokenMfaConfiguration: {} },
    { ...on, SmsMfaConfiguration: { SmsConfiguration: sms }, ...noTokens },
  ],
  ['email', withMail, { ...on, ...emailFactor }],
  ['passkeys that count, with MFA', plain, { ...on, ...tokenFactor, ...multi }],
  ['passkeys on LITE', { ...plain, UserPoolTier: 'LITE' }, { ...on, ...tokenFactor, ...single }],
]

const togetherOff = "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
const allDisabled =
  "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration."
const passkeysAlone =
  'Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.'
const recoveryBy = (Name: 'verified_phone_number' | 'verified_email') => ({
  AccountRecoverySetting: { RecoveryMechanisms: [{ Priority: 1, Name }] },
})
const firstFactors = (...AllowedFirstAuthFactors: ('PASSWORD' | 'EMAIL_OTP' | 'WEB_AUTHN')[]) => ({
  Policies: { SignInPolicy: { AllowedFirstAuthFactors } },
})

const refused: readonly (readonly [what: string, pool: Pool, sent: Input, message: string])[] = [
  ['off with SMS', withSms, { MfaConfiguration: 'OFF', SmsMfaConfiguration: {} }, togetherOff],
  ['off with tokens', plain, { MfaConfiguration: 'OFF', ...tokenFactor }, togetherOff],
  ['off with tokens that are off', plain, { MfaConfiguration: 'OFF', ...noTokens }, togetherOff],
  ['off with email', withMail, { MfaConfiguration: 'OFF', ...emailFactor }, togetherOff],
  ['a factor of which it is not said whether it is required', plain, tokenFactor, togetherOff],
  ['required and nothing', plain, on, allDisabled],
  ['optional and nothing', plain, optional, allDisabled],
  ['tokens that are off', plain, { ...on, ...noTokens }, allDisabled],
  ['passkeys alone', plain, { ...optional, ...multi }, passkeysAlone],
  [
    'SMS with nothing to send it by',
    plain,
    { ...on, SmsMfaConfiguration: {} },
    'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
  ],
  [
    'email that the service sends',
    plain,
    { ...on, ...emailFactor },
    'Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT. Update the value of EmailSendingAccount.',
  ],
  [
    'SMS where the phone alone recovers',
    { ...withSms, ...recoveryBy('verified_phone_number') },
    { ...on, SmsMfaConfiguration: {} },
    'Invalid account recovery setting parameter. Account Recovery Setting cannot use verified_phone_number as a recovery mechanism when SMS MFA is configured.',
  ],
  [
    'email where email alone recovers',
    { ...withMail, ...recoveryBy('verified_email') },
    { ...on, ...emailFactor },
    'Invalid account recovery setting parameter. Account Recovery Setting cannot use verified_email as a recovery mechanism when Email MFA is configured.',
  ],
  [
    'required where codes are a first factor',
    { ...plain, ...firstFactors('PASSWORD', 'EMAIL_OTP') },
    { ...on, ...tokenFactor },
    'Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled',
  ],
  [
    'required where passkeys are a first factor and do not count',
    { ...plain, ...firstFactors('PASSWORD', 'WEB_AUTHN') },
    { ...on, ...tokenFactor, ...single },
    'Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor',
  ],
  [
    'a relying party that is no name',
    plain,
    { WebAuthnConfiguration: { RelyingPartyId: 'https://example.com' } },
    'RelyingPartyId contains invalid characters',
  ],
]

describe('SetUserPoolMfaConfig', () => {
  onEachStore((server) => {
    const send = async (UserPoolId: string, input: Input): Promise<Output> => {
      const { $metadata: _, ...output } = await server().client.send(
        new SetUserPoolMfaConfigCommand({ UserPoolId, ...input }),
      )
      return output
    }
    const get = async (UserPoolId: string): Promise<Output> => {
      const { $metadata: _, ...output } = await server().client.send(
        new GetUserPoolMfaConfigCommand({ UserPoolId }),
      )
      return output
    }

    test('everything that can be said is shown as it was said', async () => {
      const UserPoolId = await createPool(server(), { EmailConfiguration: emailConfiguration })
      assert.deepEqual(unsaid(operation.input, { UserPoolId, ...everything }), [
        'SmsMfaConfiguration.SmsConfiguration.EumsSms',
      ])
      assert.deepEqual(await send(UserPoolId, everything), everything)
      assert.deepEqual(await get(UserPoolId), everything)
      const pool = await showPool(server(), UserPoolId)
      assert.equal(pool.MfaConfiguration, 'OPTIONAL')
      assert.equal(pool.SmsAuthenticationMessage, 'Yours: {####}')
      assert.deepEqual(pool.SmsConfiguration, everything.SmsMfaConfiguration.SmsConfiguration)
    })

    test('the same again changes nothing but the date', async () => {
      const UserPoolId = await createPool(server(), { EmailConfiguration: emailConfiguration })
      await send(UserPoolId, everything)
      const before = await showPool(server(), UserPoolId)
      server().clock.now += 60_000
      await send(UserPoolId, everything)
      assert.deepEqual(await showPool(server(), UserPoolId), {
        ...before,
        LastModifiedDate: new Date(server().clock.now),
      })
    })

    test('what is left out is off, and the texts and the way of SMS stay', async () => {
      const UserPoolId = await createPool(server(), { EmailConfiguration: emailConfiguration })
      await send(UserPoolId, everything)
      assert.deepEqual(await send(UserPoolId, { ...on, ...tokenFactor }), { ...on, ...tokenFactor })
      assert.deepEqual(await get(UserPoolId), { ...on, ...tokenFactor })
      assert.deepEqual(await send(UserPoolId, {}), { MfaConfiguration: 'OFF' })
      assert.deepEqual(await send(UserPoolId, { ...optional, SmsMfaConfiguration: {} }), {
        ...optional,
        SmsMfaConfiguration: everything.SmsMfaConfiguration,
      })
    })

    for (const [what, pool, sent, shown = sent as Output] of taken) {
      test(`takes ${what}`, async () => {
        const UserPoolId = await createPool(server(), pool)
        assert.deepEqual(await send(UserPoolId, sent), shown)
        assert.deepEqual(await get(UserPoolId), shown)
      })
    }

    for (const [what, pool, sent, message] of refused) {
      test(`refuses ${what}, and changes nothing`, async () => {
        const UserPoolId = await createPool(server(), pool)
        const before = await showPool(server(), UserPoolId)
        await assert.rejects(send(UserPoolId, sent), invalid(message))
        assert.deepEqual(await showPool(server(), UserPoolId), before)
        assert.deepEqual(await get(UserPoolId), { MfaConfiguration: 'OFF' })
      })
    }

    for (const [feature, sent] of [
      ['Email MFA', { ...on, ...emailFactor }],
      ['Passkey MFA', { ...on, ...tokenFactor, ...multi }],
      ['Passkey MFA', multi],
    ] as const) {
      test(`LITE has no ${feature}: ${JSON.stringify(sent)}`, async () => {
        const UserPoolId = await createPool(server(), { ...withMail, UserPoolTier: 'LITE' })
        await assert.rejects(
          send(UserPoolId, sent),
          refusal(
            'FeatureUnavailableInTierException',
            `The following feature is not available for the LITE pricing tier configured: ${feature}`,
          ),
        )
      })
    }

    test('changes made at the same time are all made', async () => {
      const UserPoolId = await createPool(server(), plain)
      await Promise.all([
        send(UserPoolId, { ...on, ...tokenFactor }),
        server().client.send(
          new UpdateUserPoolCommand({
            UserPoolId,
            DeviceConfiguration: { ChallengeRequiredOnNewDevice: true },
          }),
        ),
      ])
      assert.deepEqual(await get(UserPoolId), { ...on, ...tokenFactor })
      assert.deepEqual((await showPool(server(), UserPoolId)).DeviceConfiguration, {
        ChallengeRequiredOnNewDevice: true,
      })
    })

    test('one who loses every race is told so', async (t) => {
      const UserPoolId = await createPool(server(), plain)
      const { pools } = server().app.store
      loseEveryRace(t, pools, ({ id }) => pools.find(id))
      await assert.rejects(send(UserPoolId, { ...on, ...tokenFactor }), lostEveryRace)
    })

    poolMustExist(server, (UserPoolId) => send(UserPoolId, {}))
  })
})
