/** What CreateUserPool and UpdateUserPool must both refuse. */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CreateUserPoolCommandInput, LambdaConfigType } from '@aws-sdk/client-cognito-identity-provider'
import { refusal, smsConfiguration } from '../fixtures.ts'
import { invalid, kmsKey, lambda } from '../pools.ts'

type Settings = Omit<CreateUserPoolCommandInput, 'PoolName' | 'UserPoolTier'>
type Tier = 'LITE' | 'ESSENTIALS'
type Row = readonly [what: string, settings: Settings, message: string]

const factors = (
  ...AllowedFirstAuthFactors: NonNullable<
    NonNullable<NonNullable<Settings['Policies']>['SignInPolicy']>['AllowedFirstAuthFactors']
  >
) => ({ Policies: { SignInPolicy: { AllowedFirstAuthFactors } } })
const requiredMfa = { MfaConfiguration: 'ON', SmsConfiguration: smsConfiguration } as const
const invite = (InviteMessageTemplate: object) => ({ AdminCreateUserConfig: { InviteMessageTemplate } })
const from = (From: string) => ({ EmailConfiguration: { From } })
const lambdas = (LambdaConfig: LambdaConfigType) => ({ LambdaConfig })
const recovery = (...RecoveryMechanisms: { Priority: number; Name: 'verified_email' | 'admin_only' }[]) => ({
  AccountRecoverySetting: { RecoveryMechanisms },
})
const eumsSms = { CallerArn: 'arn:aws:iam::123456789012:role/sms' }
const sender = { LambdaVersion: 'V1_0', LambdaArn: lambda('send') } as const
const recoveryCannot = (what: string) =>
  `Invalid account recovery setting parameter. Account Recovery Setting cannot ${what}`
const duplicateRecovery = recoveryCannot('have duplicate priorities or recovery mechanisms.')
const onlyPasswords =
  'Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled'
const noSms =
  'SMS configuration and Auto verification for phone_number are required when MFA is required/optional'
const noKmsKey = 'KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.'
const keyRule = 'KmsKeyArn must be given with KeyType CUSTOMER_MANAGED_KEY, and only with it.'
const twoLambdas =
  "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's"
const otherRegion = 'Cross-region lambda functions are not supported'
const noCode = (value: string, at: 'emailMessage' | 'smsMessage') => {
  const printable = '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*'
  const pattern = at === 'smsMessage' ? '(?s).*\\{####\\}(?s).*' : `${printable}\\{####\\}${printable}`
  return `Value '${value}' at 'adminCreateUserConfig.inviteMessage.${at}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`
}

const rows: readonly Row[] = [
  [
    'first factors without the password',
    factors('EMAIL_OTP'),
    'Password should be configured as one of the allowed first auth factors.',
  ],
  [
    'a token as a first factor',
    factors('PASSWORD', 'SOFTWARE_TOKEN'),
    'SOFTWARE_TOKEN is not supported as a first auth factor.',
  ],
  [
    'codes by email as a first factor with MFA',
    { ...requiredMfa, ...factors('PASSWORD', 'EMAIL_OTP') },
    onlyPasswords,
  ],
  [
    'codes by SMS as a first factor with MFA',
    { ...requiredMfa, ...factors('PASSWORD', 'SMS_OTP') },
    onlyPasswords,
  ],
  [
    'passkeys as a first factor with MFA that they do not count as',
    { ...requiredMfa, ...factors('PASSWORD', 'WEB_AUTHN') },
    'Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor',
  ],
  ['MFA with nothing to send it by', { MfaConfiguration: 'OPTIONAL' }, noSms],
  ['required MFA with nothing to send it by', { MfaConfiguration: 'ON' }, noSms],

  [
    'an invitation by email without the password',
    invite({ EmailMessage: 'Welcome' }),
    `1 validation error detected: ${noCode('Welcome', 'emailMessage')}`,
  ],
  [
    'invitations without the password',
    invite({ EmailMessage: 'Welcome', SMSMessage: 'Come in' }),
    `2 validation errors detected: ${noCode('Welcome', 'emailMessage')}; ${noCode('Come in', 'smsMessage')}`,
  ],

  [
    'phone numbers to verify with nothing to send',
    { AutoVerifiedAttributes: ['phone_number'] },
    'SMS configuration is required when phone_number is selected for auto verification',
  ],
  [
    'verification before an update without verification at all',
    {
      AutoVerifiedAttributes: ['email'],
      SmsConfiguration: smsConfiguration,
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email', 'phone_number'] },
    },
    'All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes',
  ],

  [
    'mail of one’s own without an identity',
    { EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' } },
    'Source ARN is required to use DEVELOPER email sending owner',
  ],
  ['a sender without an address', from('Example'), 'Provided From email address is invalid'],
  ['a sender with an open bracket', from('Example <a@example.com'), 'Provided From email address is invalid'],
  [
    'a sender with two addresses',
    from('a@example.com b@example.com'),
    'Provided From email address is invalid',
  ],
  [
    'two ways to send an SMS',
    { SmsConfiguration: { ...smsConfiguration, EumsSms: eumsSms } },
    'Only one of SnsCallerArn and EumsSms can be set in SmsConfiguration.',
  ],
  [
    'SMS from another region',
    { SmsConfiguration: { EumsSms: { ...eumsSms, Region: 'eu-west-1' } } },
    'Invalid region in EumsSms. The allowed region is us-east-1.',
  ],

  [
    'two functions before tokens',
    lambdas({
      PreTokenGeneration: lambda('a'),
      PreTokenGenerationConfig: { LambdaVersion: 'V1_0', LambdaArn: lambda('b') },
    }),
    twoLambdas,
  ],
  ['an SMS sender without a key', lambdas({ CustomSMSSender: sender }), noKmsKey],
  ['an email sender without a key', lambdas({ CustomEmailSender: sender }), noKmsKey],
  ['a function of another region', lambdas({ PreSignUp: lambda('a', 'eu-west-1') }), otherRegion],
  [
    'a sender of another region',
    lambdas({
      KMSKeyID: kmsKey,
      CustomSMSSender: { ...sender, LambdaArn: lambda('a', 'eu-west-1') },
    }),
    otherRegion,
  ],

  [
    'recovery by administrators and more',
    recovery({ Priority: 1, Name: 'admin_only' }, { Priority: 2, Name: 'verified_email' }),
    recoveryCannot('use admin_only setting with any other recovery mechanisms.'),
  ],
  [
    'recovery twice by one mechanism',
    recovery({ Priority: 1, Name: 'verified_email' }, { Priority: 2, Name: 'verified_email' }),
    duplicateRecovery,
  ],
  [
    'recovery twice of one priority',
    {
      AccountRecoverySetting: {
        RecoveryMechanisms: [
          { Priority: 1, Name: 'verified_email' },
          { Priority: 1, Name: 'verified_phone_number' },
        ],
      },
    },
    duplicateRecovery,
  ],
  [
    'recovery by phone alone with MFA by SMS',
    {
      MfaConfiguration: 'OPTIONAL',
      SmsConfiguration: smsConfiguration,
      AccountRecoverySetting: { RecoveryMechanisms: [{ Priority: 1, Name: 'verified_phone_number' }] },
    },
    recoveryCannot('use verified_phone_number as a recovery mechanism when SMS MFA is configured.'),
  ],

  [
    'a level of authentication that is none',
    { AcrConfiguration: { Level5: { AcrValue: 'five' } } },
    'Invalid AcrConfiguration. Level5 is not one of Level1, Level2, Level3 and Level4.',
  ],
  [
    'a level of authentication by another’s name',
    { AcrConfiguration: { Level1: { AcrValue: 'urn:cognito:loa:2' } } },
    'Invalid AcrConfiguration. Each level must have a name of its own.',
  ],
  [
    'a key of one’s own that is not named',
    { KeyConfiguration: { KeyType: 'CUSTOMER_MANAGED_KEY' } },
    keyRule,
  ],
  ['a key that is not to be used', { KeyConfiguration: { KmsKeyArn: kmsKey } }, keyRule],
  [
    'two lives of a temporary password',
    {
      Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 3 } },
      AdminCreateUserConfig: { UnusedAccountValidityDays: 3 },
    },
    'Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays',
  ],
]

const unavailable = (tier: string, ...features: string[]) =>
  `The following features need to be disabled for the ${tier} pricing tier configured: ${features.join(', ')}`
const tokenLambda = (LambdaVersion: 'V2_0' | 'V3_0') =>
  lambdas({ PreTokenGenerationConfig: { LambdaVersion, LambdaArn: lambda('a') } })
const threats = { UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' } } as const

/** What needs a higher plan: the plan, the settings, and the features by name. */
const beyond: readonly (readonly [Tier, Settings, ...string[]])[] = [
  ['ESSENTIALS', threats, 'Threat Protection'],
  ['LITE', threats, 'Threat Protection'],
  ['LITE', factors('PASSWORD', 'EMAIL_OTP'), 'Passwordless Sign-In'],
  ['LITE', factors('PASSWORD', 'WEB_AUTHN'), 'Passwordless Sign-In'],
  ['LITE', tokenLambda('V2_0'), 'Token Customization with Pre-Token Generation Lambda V2_0'],
  ['LITE', tokenLambda('V3_0'), 'Token Customization with Pre-Token Generation Lambda V3_0'],
  ['LITE', { Policies: { PasswordPolicy: { PasswordHistorySize: 1 } } }, 'Password History'],
  ['LITE', { AcrConfiguration: { Level4: { AcrValue: 'four' } } }, 'ACR Configuration'],
  ['LITE', { DcrConfiguration: {} }, 'Dynamic Client Registration'],
  [
    'LITE',
    { ...threats, ...tokenLambda('V2_0') },
    'Threat Protection',
    'Token Customization with Pre-Token Generation Lambda V2_0',
  ],
]

/** What a plan that leaves something out still has of it. */
const within: readonly (readonly [Tier, Settings])[] = [
  ['ESSENTIALS', { UserPoolAddOns: { AdvancedSecurityMode: 'OFF' } }],
  ['LITE', factors('PASSWORD')],
  ['LITE', lambdas({ PreTokenGeneration: lambda('a') })],
  ['LITE', { Policies: { PasswordPolicy: { PasswordHistorySize: 0 } } }],
  ['LITE', { AcrConfiguration: { Level4: { AcrValue: 'urn:cognito:loa:4' } } }],
  ['LITE', { DcrConfiguration: { EnableStatus: 'Disabled' } }],
]

export function poolRules(send: (settings: Settings) => Promise<unknown>): void {
  describe('refuses', () => {
    for (const [what, settings, message] of rows) {
      test(what, () => assert.rejects(send(settings), invalid(message)))
    }

    const tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag-${index}`, '']))
    for (const [what, UserPoolTags, message] of [
      ['51 tags', tags, 'A user pool can have at most 50 tags.'],
      ['tags of AWS', { 'AWS:owner': 'me' }, 'Tag keys that start with aws: are reserved.'],
    ] as const) {
      test(what, () => assert.rejects(send({ UserPoolTags }), refusal('UserPoolTaggingException', message)))
    }
  })
}

/** `send` puts the settings into a pool of the plan that they name. */
export function planRules(
  exception: 'FeatureUnavailableInTierException' | 'TierChangeNotAllowedException',
  send: (settings: Settings & { UserPoolTier: Tier }) => Promise<unknown>,
): void {
  for (const [UserPoolTier, settings, ...features] of beyond) {
    test(`${UserPoolTier} has no ${features.join(', ')}: ${JSON.stringify(settings)}`, () =>
      assert.rejects(
        send({ UserPoolTier, ...settings }),
        refusal(exception, unavailable(UserPoolTier, ...features)),
      ))
  }

  for (const [UserPoolTier, settings] of within) {
    test(`${UserPoolTier} has ${JSON.stringify(settings)}`, async () => {
      await send({ UserPoolTier, ...settings })
    })
  }
}
