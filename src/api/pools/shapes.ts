import { pattern } from '../../protocol/pattern.ts'
import {
  boolean,
  integer,
  list,
  map,
  oneOf,
  required,
  string,
  struct,
  timestamp,
} from '../../protocol/shape.ts'
import { Arn, Domain, EmailAddress, OptionalArn, Text, UserPoolId } from '../shapes.ts'

/** The members of a user pool, as CreateUserPool, UpdateUserPool and DescribeUserPool share them. */

const printable = '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*'

export const PoolName = string({ min: 1, max: 128, pattern: pattern('[\\w\\s+=,.@-]+') })
export const Policies = struct({
  PasswordPolicy: struct({
    MinimumLength: integer({ min: 6, max: 99 }),
    RequireUppercase: boolean,
    RequireLowercase: boolean,
    RequireNumbers: boolean,
    RequireSymbols: boolean,
    PasswordHistorySize: integer({ min: 0, max: 24 }),
    TemporaryPasswordValidityDays: integer({ min: 0, max: 365 }),
  }),
  SignInPolicy: struct({
    AllowedFirstAuthFactors: list(oneOf('PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN', 'SOFTWARE_TOKEN'), {
      min: 1,
      max: 5,
    }),
  }),
})
export const DeletionProtection = oneOf('ACTIVE', 'INACTIVE')
const V1 = oneOf('V1_0')
const senderVersion = struct({ LambdaVersion: required(V1), LambdaArn: required(Arn) })
export const LambdaConfig = struct({
  PreSignUp: Arn,
  CustomMessage: Arn,
  PostConfirmation: Arn,
  PreAuthentication: Arn,
  PostAuthentication: Arn,
  DefineAuthChallenge: Arn,
  CreateAuthChallenge: Arn,
  VerifyAuthChallengeResponse: Arn,
  PreTokenGeneration: Arn,
  UserMigration: Arn,
  PreTokenGenerationConfig: struct({
    LambdaVersion: required(oneOf('V1_0', 'V2_0', 'V3_0')),
    LambdaArn: required(Arn),
  }),
  CustomSMSSender: senderVersion,
  CustomEmailSender: senderVersion,
  KMSKeyID: Arn,
  InboundFederation: senderVersion,
})
const VerifiedAttribute = oneOf('phone_number', 'email')
export const VerifiedAttributes = list(VerifiedAttribute)
export const AliasAttributes = list(oneOf('phone_number', 'email', 'preferred_username'))
export const UsernameAttributes = list(oneOf('phone_number', 'email'))

export const SmsMessage = string({ min: 6, max: 140, pattern: pattern('.*\\{####\\}.*') })
const emailMessage = pattern(`${printable}\\{####\\}${printable}`)
export const EmailMessage = string({ min: 6, max: 20000, pattern: emailMessage })
export const EmailSubject = string({
  min: 1,
  max: 140,
  pattern: pattern('[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s]+'),
})
export const VerificationMessageTemplate = struct({
  SmsMessage,
  EmailMessage,
  EmailSubject,
  EmailMessageByLink: string({
    min: 6,
    max: 20000,
    pattern: pattern(`${printable}\\{##${printable}##\\}${printable}`),
  }),
  EmailSubjectByLink: EmailSubject,
  DefaultEmailOption: oneOf('CONFIRM_WITH_LINK', 'CONFIRM_WITH_CODE'),
})
export const UserAttributeUpdateSettings = struct({
  AttributesRequireVerificationBeforeUpdate: VerifiedAttributes,
})
export const MfaConfiguration = oneOf('OFF', 'ON', 'OPTIONAL')
export const DeviceConfiguration = struct({
  ChallengeRequiredOnNewDevice: boolean,
  DeviceOnlyRememberedOnUserPrompt: boolean,
})
export const EmailConfiguration = struct({
  SourceArn: Arn,
  ReplyToEmailAddress: EmailAddress,
  EmailSendingAccount: oneOf('COGNITO_DEFAULT', 'DEVELOPER'),
  From: Text,
  ConfigurationSet: string({ min: 1, max: 64, pattern: pattern('^[a-zA-Z0-9_-]+$') }),
})
const RegionCode = string({ min: 5, max: 32 })
export const SmsConfiguration = struct({
  SnsCallerArn: OptionalArn,
  ExternalId: Text,
  SnsRegion: RegionCode,
  EumsSms: struct({
    CallerArn: required(Arn),
    ExternalId: Text,
    OriginationIdentity: Text,
    ConfigurationSetName: Text,
    InEntityId: Text,
    InTemplateId: Text,
    Region: RegionCode,
  }),
})
export const Tags = map(string({ min: 1, max: 128 }), string({ min: 0, max: 256 }))
export const AdminCreateUserConfig = struct({
  AllowAdminCreateUserOnly: boolean,
  UnusedAccountValidityDays: integer({ min: 0, max: 365 }),
  InviteMessageTemplate: struct({
    SMSMessage: string({ min: 6, max: 140, pattern: pattern('(?s).*') }),
    EmailMessage: string({ min: 6, max: 20000, pattern: pattern(printable) }),
    EmailSubject,
  }),
})
export const SchemaAttribute = struct({
  Name: string({ min: 1, max: 20, pattern: pattern('[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+') }),
  AttributeDataType: oneOf('String', 'Number', 'DateTime', 'Boolean'),
  DeveloperOnlyAttribute: boolean,
  Mutable: boolean,
  Required: boolean,
  NumberAttributeConstraints: struct({ MinValue: Text, MaxValue: Text }),
  StringAttributeConstraints: struct({ MinLength: Text, MaxLength: Text }),
})
export const Schema = list(SchemaAttribute, { min: 1, max: 50 })
export const UserPoolAddOns = struct({
  AdvancedSecurityMode: required(oneOf('OFF', 'AUDIT', 'ENFORCED')),
  AdvancedSecurityAdditionalFlows: struct({ CustomAuthMode: oneOf('AUDIT', 'ENFORCED') }),
})
export const UsernameConfiguration = struct({ CaseSensitive: required(boolean) })
export const AccountRecoverySetting = struct({
  RecoveryMechanisms: list(
    struct({
      Priority: required(integer({ min: 1, max: 2 })),
      Name: required(oneOf('verified_email', 'verified_phone_number', 'admin_only')),
    }),
    { min: 1, max: 2 },
  ),
})
export const UserPoolTier = oneOf('LITE', 'ESSENTIALS', 'PLUS')
export const KeyConfiguration = struct({
  KeyType: oneOf('AWS_OWNED_KEY', 'CUSTOMER_MANAGED_KEY'),
  KmsKeyArn: Arn,
})
export const IssuerConfiguration = struct({ Type: oneOf('ORIGINAL', 'UPDATED') })
const GrantTypes = list(oneOf('code', 'implicit', 'client_credentials'))
export const Status = oneOf('Enabled', 'Disabled')
export const DcrConfiguration = struct({
  EnableStatus: Status,
  OpenDcrEnabled: boolean,
  AuthenticatedGrantTypes: GrantTypes,
  OpenDcrGrantTypes: GrantTypes,
  AllowedScopes: list(Text),
})
export const AcrConfiguration = map(Text, struct({ AcrValue: required(Text) }))

/** What CreateUserPool and UpdateUserPool set alike. */
export const settings = {
  Policies,
  DeletionProtection,
  LambdaConfig,
  AutoVerifiedAttributes: VerifiedAttributes,
  SmsVerificationMessage: SmsMessage,
  EmailVerificationMessage: EmailMessage,
  EmailVerificationSubject: EmailSubject,
  VerificationMessageTemplate,
  SmsAuthenticationMessage: SmsMessage,
  MfaConfiguration,
  UserAttributeUpdateSettings,
  DeviceConfiguration,
  EmailConfiguration,
  SmsConfiguration,
  UserPoolTags: Tags,
  AdminCreateUserConfig,
  UserPoolAddOns,
  AccountRecoverySetting,
  UserPoolTier,
  KeyConfiguration,
  IssuerConfiguration,
  DcrConfiguration,
  AcrConfiguration,
} as const

export const UserPool = struct({
  ...settings,
  Id: UserPoolId,
  Name: PoolName,
  Status,
  LastModifiedDate: timestamp,
  CreationDate: timestamp,
  SchemaAttributes: Schema,
  AliasAttributes,
  UsernameAttributes,
  EstimatedNumberOfUsers: integer(),
  SmsConfigurationFailure: Text,
  EmailConfigurationFailure: Text,
  Domain,
  CustomDomain: Domain,
  UsernameConfiguration,
  Arn,
})

export const SmsMfaConfiguration = struct({ SmsAuthenticationMessage: SmsMessage, SmsConfiguration })
export const SoftwareTokenMfaConfiguration = struct({ Enabled: boolean })
export const EmailMfaConfiguration = struct({
  Message: string({ min: 6, max: 20000, pattern: emailMessage }),
  Subject: string({ pattern: pattern('[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s]+') }),
})
export const WebAuthnConfiguration = struct({
  RelyingPartyId: string({ min: 1, max: 127 }),
  UserVerification: oneOf('required', 'preferred'),
  FactorConfiguration: oneOf('SINGLE_FACTOR', 'MULTI_FACTOR_WITH_USER_VERIFICATION'),
})
export const mfaMembers = {
  SmsMfaConfiguration,
  SoftwareTokenMfaConfiguration,
  EmailMfaConfiguration,
  MfaConfiguration,
  WebAuthnConfiguration,
} as const
