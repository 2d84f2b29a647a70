/** What tests of pools share: a pool about which everything is said, and one about which nothing is. */

import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import {
  type CreateUserPoolCommandInput,
  DescribeUserPoolCommand,
  type SchemaAttributeType,
  type UserPoolType,
} from '@aws-sdk/client-cognito-identity-provider'
import { type AnyShape, shapeOf } from '../src/protocol/shape.ts'
import { refusal } from './fixtures.ts'
import { sdkClient, type TestServer } from './harness.ts'

/** A pool id that nobody has. */
export const absent = 'us-east-1_Absent123'

export const invalid = (message: string) => refusal('InvalidParameterException', message)

export async function showPool(server: TestServer, UserPoolId: string): Promise<UserPoolType> {
  const { UserPool } = await server.client.send(new DescribeUserPoolCommand({ UserPoolId }))
  assert.ok(UserPool)
  return UserPool
}

/** From now on somebody else has always saved a row just before. */
export function loseEveryRace<Row>(
  { mock }: TestContext,
  table: { readonly save: (row: Row) => Promise<void> },
  find: (row: Row) => Promise<Row | undefined>,
): void {
  const { save } = table
  mock.method(table, 'save', async (row: Row) => {
    const standing = await find(row)
    assert.ok(standing)
    await save(standing)
    await save(row)
  })
}

export const lostEveryRace = refusal(
  'ConcurrentModificationException',
  'The resource was changed at the same time by another request. Try again.',
)

/** The client of another region. */
export const elsewhere = (server: TestServer, region: string) =>
  sdkClient(server.api, { accessKeyId: 'test', secretAccessKey: 'test' }, region)

export const lambda = (name: string, region = 'us-east-1') =>
  `arn:aws:lambda:${region}:123456789012:function:${name}`
export const kmsKey = 'arn:aws:kms:us-east-1:123456789012:key/a6c4f8e2-0c45-47db-925f-87854bc9e357'
const sender = (name: string) => ({ LambdaVersion: 'V1_0' as const, LambdaArn: lambda(name) })

/** Every setting that an update may change, and none at its default. */
export const everySetting = {
  Policies: {
    PasswordPolicy: {
      MinimumLength: 12,
      RequireUppercase: true,
      RequireLowercase: false,
      RequireNumbers: true,
      RequireSymbols: false,
      PasswordHistorySize: 5,
      TemporaryPasswordValidityDays: 3,
    },
    SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'] },
  },
  DeletionProtection: 'ACTIVE',
  LambdaConfig: {
    PreSignUp: lambda('a'),
    CustomMessage: lambda('b'),
    PostConfirmation: lambda('c'),
    PreAuthentication: lambda('d'),
    PostAuthentication: lambda('e'),
    DefineAuthChallenge: lambda('f'),
    CreateAuthChallenge: lambda('g'),
    VerifyAuthChallengeResponse: lambda('h'),
    PreTokenGeneration: lambda('i'),
    UserMigration: lambda('j'),
    PreTokenGenerationConfig: { LambdaVersion: 'V3_0', LambdaArn: lambda('i') },
    CustomSMSSender: sender('k'),
    CustomEmailSender: sender('l'),
    KMSKeyID: kmsKey,
    InboundFederation: sender('m'),
  },
  AutoVerifiedAttributes: ['email', 'phone_number'],
  SmsVerificationMessage: 'Verify by {####}',
  EmailVerificationMessage: 'Verify by <b>{####}</b>',
  EmailVerificationSubject: 'Verify',
  VerificationMessageTemplate: {
    SmsMessage: 'Verify by {####}',
    EmailMessage: 'Verify by <b>{####}</b>',
    EmailSubject: 'Verify',
    EmailMessageByLink: 'Follow {##this link##}',
    EmailSubjectByLink: 'Follow',
    DefaultEmailOption: 'CONFIRM_WITH_LINK',
  },
  SmsAuthenticationMessage: 'Sign in by {####}',
  MfaConfiguration: 'OPTIONAL',
  UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email', 'phone_number'] },
  DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
  EmailConfiguration: {
    SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/no-reply@example.com',
    ReplyToEmailAddress: 'help@example.com',
    EmailSendingAccount: 'DEVELOPER',
    From: 'Example <no-reply@example.com>',
    ConfigurationSet: 'the-set',
  },
  SmsConfiguration: {
    SnsCallerArn: 'arn:aws:iam::123456789012:role/sms',
    ExternalId: 'cognate',
    SnsRegion: 'us-west-2',
  },
  UserPoolTags: { team: 'identity', empty: '' },
  AdminCreateUserConfig: {
    AllowAdminCreateUserOnly: true,
    InviteMessageTemplate: {
      SMSMessage: '{username}, {####}',
      EmailMessage: 'Welcome, {username}: {####}',
      EmailSubject: 'Welcome',
    },
  },
  UserPoolAddOns: {
    AdvancedSecurityMode: 'ENFORCED',
    AdvancedSecurityAdditionalFlows: { CustomAuthMode: 'AUDIT' },
  },
  AccountRecoverySetting: {
    RecoveryMechanisms: [
      { Priority: 1, Name: 'verified_phone_number' },
      { Priority: 2, Name: 'verified_email' },
    ],
  },
  UserPoolTier: 'PLUS',
  KeyConfiguration: { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: kmsKey },
  IssuerConfiguration: { Type: 'UPDATED' },
  DcrConfiguration: {
    EnableStatus: 'Disabled',
    OpenDcrEnabled: true,
    AuthenticatedGrantTypes: ['code'],
    OpenDcrGrantTypes: ['implicit'],
    AllowedScopes: ['openid'],
  },
  AcrConfiguration: {
    Level1: { AcrValue: 'one' },
    Level2: { AcrValue: 'two' },
    Level3: { AcrValue: 'three' },
    Level4: { AcrValue: 'four' },
  },
} satisfies Partial<CreateUserPoolCommandInput>

/** What a pool shows of all that: what was sent, and a number's second home. */
export const everySettingShown = {
  ...everySetting,
  AdminCreateUserConfig: { ...everySetting.AdminCreateUserConfig, UnusedAccountValidityDays: 3 },
}

/** What a pool shows that was created with a name. */
export const defaults = {
  Policies: {
    PasswordPolicy: {
      MinimumLength: 8,
      RequireUppercase: true,
      RequireLowercase: true,
      RequireNumbers: true,
      RequireSymbols: true,
      TemporaryPasswordValidityDays: 7,
    },
    SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] },
  },
  DeletionProtection: 'INACTIVE',
  LambdaConfig: {},
  VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_CODE' },
  MfaConfiguration: 'OFF',
  EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
  UserPoolTags: {},
  AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 7 },
  AccountRecoverySetting: {
    RecoveryMechanisms: [
      { Priority: 1, Name: 'verified_email' },
      { Priority: 2, Name: 'verified_phone_number' },
    ],
  },
  UserPoolTier: 'ESSENTIALS',
  KeyConfiguration: { KeyType: 'AWS_OWNED_KEY' },
  IssuerConfiguration: { Type: 'ORIGINAL' },
  AcrConfiguration: {
    Level1: { AcrValue: 'urn:cognito:loa:1' },
    Level2: { AcrValue: 'urn:cognito:loa:2' },
    Level3: { AcrValue: 'urn:cognito:loa:3' },
    Level4: { AcrValue: 'urn:cognito:loa:4' },
  },
} satisfies Partial<UserPoolType>

const attribute = (
  Name: string,
  AttributeDataType: SchemaAttributeType['AttributeDataType'],
  facts: Partial<SchemaAttributeType> = {},
): SchemaAttributeType => ({
  Name,
  AttributeDataType,
  DeveloperOnlyAttribute: false,
  Mutable: true,
  Required: false,
  ...facts,
})
const length = (MinLength: string, MaxLength: string) => ({
  StringAttributeConstraints: { MinLength, MaxLength },
})
const text = (Name: string) => attribute(Name, 'String', length('0', '2048'))

/** The schema that every pool begins with, in AWS's order. */
export const freshSchema: SchemaAttributeType[] = [
  attribute('sub', 'String', { ...length('1', '2048'), Mutable: false, Required: true }),
  ...['name', 'given_name', 'family_name', 'middle_name', 'nickname', 'preferred_username'].map(text),
  ...['profile', 'picture', 'website', 'email'].map(text),
  attribute('email_verified', 'Boolean'),
  text('gender'),
  attribute('birthdate', 'String', length('10', '10')),
  ...['zoneinfo', 'locale', 'phone_number'].map(text),
  attribute('phone_number_verified', 'Boolean'),
  text('address'),
  attribute('updated_at', 'Number', { NumberAttributeConstraints: { MinValue: '0' } }),
  attribute('identities', 'String', { StringAttributeConstraints: {} }),
]

/** The members of a shape, at every depth, that a value says nothing of. */
export function unsaid({ facts }: AnyShape, value: unknown, path = ''): string[] {
  if (value === undefined) return [path]
  if (facts.members === undefined) return []
  const said = value as Record<string, unknown>
  return Object.entries(facts.members).flatMap(([name, member]) =>
    unsaid(shapeOf(member), said[name], path === '' ? name : `${path}.${name}`),
  )
}
