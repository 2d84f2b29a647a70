import type { Instant } from '../lib/instant.ts'
import type { SchemaAttribute } from './attribute.ts'
import { Fault } from './faults.ts'
import type { UserPoolId } from './ids.ts'

export interface Pool {
  readonly id: UserPoolId
  readonly name: string
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly version: number
  readonly schema: readonly SchemaAttribute[]
  /** Fixed when the pool is created. */
  readonly identity: PoolIdentity
  readonly settings: PoolSettings
  readonly mfa: MfaFactors
  readonly tags: Readonly<Record<string, string>>
  /** What SetUserPoolSessionConfiguration has set, if it was ever called. */
  readonly sessions?: SessionTracking
}

/** See session-tracking.ts. */
export interface SessionTracking {
  readonly enabled: boolean
  /** How many token sessions a user may have. */
  readonly maxPerUser: number
}

export interface PoolIdentity {
  readonly aliasAttributes?: readonly AliasAttribute[]
  readonly usernameAttributes?: readonly ('email' | 'phone_number')[]
  readonly caseSensitive: boolean
  /** Whether the request named UsernameConfiguration: Describe shows the member only then. */
  readonly caseSensitivityStated: boolean
}

export type AliasAttribute = 'email' | 'phone_number' | 'preferred_username'
export type MfaConfiguration = 'OFF' | 'ON' | 'OPTIONAL'
export type VerifiedAttribute = 'email' | 'phone_number'
export type RecoveryMechanism = 'verified_email' | 'verified_phone_number' | 'admin_only'
export type Tier = 'LITE' | 'ESSENTIALS' | 'PLUS'
export type FirstFactor = 'PASSWORD' | 'EMAIL_OTP' | 'SMS_OTP' | 'WEB_AUTHN' | 'SOFTWARE_TOKEN'

/**
 * What UpdateUserPool replaces as a whole, in AWS's own words: the settings are AWS's vocabulary, so each member keeps
 * its name and shape. `withDefaults` fills in what AWS fills in.
 */
export interface PoolSettings {
  readonly Policies: {
    readonly PasswordPolicy: PasswordPolicy
    readonly SignInPolicy: { readonly AllowedFirstAuthFactors: readonly FirstFactor[] }
  }
  readonly DeletionProtection: 'ACTIVE' | 'INACTIVE'
  readonly LambdaConfig: LambdaConfig
  readonly AutoVerifiedAttributes?: readonly VerifiedAttribute[]
  readonly SmsVerificationMessage?: string
  readonly EmailVerificationMessage?: string
  readonly EmailVerificationSubject?: string
  readonly VerificationMessageTemplate: VerificationMessageTemplate
  readonly SmsAuthenticationMessage?: string
  readonly UserAttributeUpdateSettings: {
    readonly AttributesRequireVerificationBeforeUpdate?: readonly VerifiedAttribute[]
  }
  readonly MfaConfiguration: MfaConfiguration
  readonly DeviceConfiguration?: {
    readonly ChallengeRequiredOnNewDevice?: boolean
    readonly DeviceOnlyRememberedOnUserPrompt?: boolean
  }
  readonly EmailConfiguration: EmailConfiguration
  readonly SmsConfiguration?: SmsConfiguration
  readonly AdminCreateUserConfig: AdminCreateUserConfig
  readonly UserPoolAddOns?: {
    readonly AdvancedSecurityMode: 'OFF' | 'AUDIT' | 'ENFORCED'
    readonly AdvancedSecurityAdditionalFlows?: { readonly CustomAuthMode?: 'AUDIT' | 'ENFORCED' }
  }
  readonly AccountRecoverySetting?: {
    readonly RecoveryMechanisms?: readonly { readonly Priority: number; readonly Name: RecoveryMechanism }[]
  }
  readonly UserPoolTier: Tier
  readonly KeyConfiguration?: {
    readonly KeyType?: 'AWS_OWNED_KEY' | 'CUSTOMER_MANAGED_KEY'
    readonly KmsKeyArn?: string
  }
  readonly IssuerConfiguration?: { readonly Type?: 'ORIGINAL' | 'UPDATED' }
  readonly DcrConfiguration?: DcrConfiguration
  readonly AcrConfiguration?: Readonly<Record<string, { readonly AcrValue: string }>>
}

export interface PasswordPolicy {
  readonly MinimumLength: number
  readonly RequireUppercase: boolean
  readonly RequireLowercase: boolean
  readonly RequireNumbers: boolean
  readonly RequireSymbols: boolean
  readonly PasswordHistorySize?: number
  readonly TemporaryPasswordValidityDays: number
}

export interface LambdaConfig {
  readonly PreSignUp?: string
  readonly CustomMessage?: string
  readonly PostConfirmation?: string
  readonly PreAuthentication?: string
  readonly PostAuthentication?: string
  readonly DefineAuthChallenge?: string
  readonly CreateAuthChallenge?: string
  readonly VerifyAuthChallengeResponse?: string
  readonly PreTokenGeneration?: string
  readonly UserMigration?: string
  readonly PreTokenGenerationConfig?: {
    readonly LambdaVersion: 'V1_0' | 'V2_0' | 'V3_0'
    readonly LambdaArn: string
  }
  readonly CustomSMSSender?: { readonly LambdaVersion: 'V1_0'; readonly LambdaArn: string }
  readonly CustomEmailSender?: { readonly LambdaVersion: 'V1_0'; readonly LambdaArn: string }
  readonly KMSKeyID?: string
  readonly InboundFederation?: { readonly LambdaVersion: 'V1_0'; readonly LambdaArn: string }
}

export interface VerificationMessageTemplate {
  readonly SmsMessage?: string
  readonly EmailMessage?: string
  readonly EmailSubject?: string
  readonly EmailMessageByLink?: string
  readonly EmailSubjectByLink?: string
  readonly DefaultEmailOption: 'CONFIRM_WITH_LINK' | 'CONFIRM_WITH_CODE'
}

export interface EmailConfiguration {
  readonly SourceArn?: string
  readonly ReplyToEmailAddress?: string
  readonly EmailSendingAccount: 'COGNITO_DEFAULT' | 'DEVELOPER'
  readonly From?: string
  readonly ConfigurationSet?: string
}

export interface SmsConfiguration {
  readonly SnsCallerArn?: string
  readonly ExternalId?: string
  readonly SnsRegion?: string
  readonly EumsSms?: {
    readonly CallerArn: string
    readonly ExternalId?: string
    readonly OriginationIdentity?: string
    readonly ConfigurationSetName?: string
    readonly InEntityId?: string
    readonly InTemplateId?: string
    readonly Region?: string
  }
}

export interface AdminCreateUserConfig {
  readonly AllowAdminCreateUserOnly: boolean
  readonly UnusedAccountValidityDays: number
  readonly InviteMessageTemplate?: {
    readonly SMSMessage?: string
    readonly EmailMessage?: string
    readonly EmailSubject?: string
  }
}

export interface DcrConfiguration {
  readonly EnableStatus?: 'Enabled' | 'Disabled'
  readonly OpenDcrEnabled?: boolean
  readonly AuthenticatedGrantTypes?: readonly ('code' | 'implicit' | 'client_credentials')[]
  readonly OpenDcrGrantTypes?: readonly ('code' | 'implicit' | 'client_credentials')[]
  readonly AllowedScopes?: readonly string[]
}

/** The pool's second factors, as SetUserPoolMfaConfig replaces them. */
export interface MfaFactors {
  /** SMS is a factor of this pool: from SmsMfaConfiguration, or from MFA that was turned on with an SMS configuration. */
  readonly sms: boolean
  readonly softwareToken: boolean
  readonly email?: { readonly Message?: string; readonly Subject?: string }
  readonly webAuthn?: {
    readonly RelyingPartyId?: string
    readonly UserVerification?: 'required' | 'preferred'
    readonly FactorConfiguration?: 'SINGLE_FACTOR' | 'MULTI_FACTOR_WITH_USER_VERIFICATION'
  }
}

/** Every member optional at every depth, as a request sends it. */
export type SettingsRequest = {
  readonly [K in keyof PoolSettings]?: K extends 'Policies'
    ? {
        readonly PasswordPolicy?: Partial<PasswordPolicy>
        readonly SignInPolicy?: { readonly AllowedFirstAuthFactors?: readonly FirstFactor[] }
      }
    : K extends 'VerificationMessageTemplate' | 'EmailConfiguration' | 'AdminCreateUserConfig'
      ? Partial<NonNullable<PoolSettings[K]>>
      : PoolSettings[K]
}

const strongPassword: PasswordPolicy = {
  MinimumLength: 8,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  TemporaryPasswordValidityDays: 7,
}

/** What a policy that is given leaves out: nothing is demanded that was not named. */
const statedPassword: PasswordPolicy = {
  MinimumLength: 8,
  RequireUppercase: false,
  RequireLowercase: false,
  RequireNumbers: false,
  RequireSymbols: false,
  TemporaryPasswordValidityDays: 7,
}

/** The settings that a request asks for, checked against each other and with AWS's defaults for what it leaves out. */
export function withDefaults(request: SettingsRequest, standing: PoolSettings | undefined): PoolSettings {
  const given = request.Policies?.PasswordPolicy
  const unused = request.AdminCreateUserConfig?.UnusedAccountValidityDays
  if (given?.TemporaryPasswordValidityDays !== undefined && unused !== undefined) {
    throw new Fault(
      'InvalidParameter',
      'Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays',
    )
  }
  const validity = given?.TemporaryPasswordValidityDays ?? unused ?? 7
  const settings: PoolSettings = {
    ...request,
    ...verificationTexts(request),
    Policies: {
      PasswordPolicy: {
        ...(given === undefined ? strongPassword : statedPassword),
        ...given,
        TemporaryPasswordValidityDays: validity,
      },
      SignInPolicy: {
        AllowedFirstAuthFactors: request.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? ['PASSWORD'],
      },
    },
    DeletionProtection: request.DeletionProtection ?? 'INACTIVE',
    LambdaConfig: request.LambdaConfig ?? {},
    UserAttributeUpdateSettings: request.UserAttributeUpdateSettings ?? {},
    MfaConfiguration: request.MfaConfiguration ?? 'OFF',
    EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT', ...request.EmailConfiguration },
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: false,
      ...request.AdminCreateUserConfig,
      UnusedAccountValidityDays: validity,
    },
    // The two that an update may leave out without losing them.
    UserPoolTier: request.UserPoolTier ?? standing?.UserPoolTier ?? 'ESSENTIALS',
  }
  const dcr = request.DcrConfiguration ?? standing?.DcrConfiguration
  checkSettings(settings)
  return dcr === undefined ? settings : { ...settings, DcrConfiguration: dcr }
}

/**
 * The verification texts have two homes, the template and three older members; AWS shows the same text in both.
 * @throws Fault InvalidParameter when a request gives them different texts
 */
function verificationTexts(request: SettingsRequest) {
  const template = request.VerificationMessageTemplate
  const one = (old: string | undefined, current: string | undefined, name: string) => {
    if (old !== undefined && current !== undefined && old !== current) {
      throw new Fault('InvalidParameter', `${name} differs from the text in VerificationMessageTemplate.`)
    }
    return current ?? old
  }
  const sms = one(request.SmsVerificationMessage, template?.SmsMessage, 'SmsVerificationMessage')
  const message = one(request.EmailVerificationMessage, template?.EmailMessage, 'EmailVerificationMessage')
  const subject = one(request.EmailVerificationSubject, template?.EmailSubject, 'EmailVerificationSubject')
  return {
    ...(sms !== undefined && { SmsVerificationMessage: sms }),
    ...(message !== undefined && { EmailVerificationMessage: message }),
    ...(subject !== undefined && { EmailVerificationSubject: subject }),
    VerificationMessageTemplate: {
      DefaultEmailOption: 'CONFIRM_WITH_CODE' as const,
      ...template,
      ...(sms !== undefined && { SmsMessage: sms }),
      ...(message !== undefined && { EmailMessage: message }),
      ...(subject !== undefined && { EmailSubject: subject }),
    },
  }
}

/** Rules that hold between members of the settings, each with AWS's refusal. */
function checkSettings(settings: PoolSettings): void {
  checkTier(settings)
  checkLambdas(settings.LambdaConfig)
  checkRecovery(settings)
  const factors = settings.Policies.SignInPolicy.AllowedFirstAuthFactors
  if (!factors.includes('PASSWORD')) {
    throw new Fault('InvalidParameter', 'PASSWORD is required in AllowedFirstAuthFactors.')
  }
  if (
    settings.MfaConfiguration === 'ON' &&
    factors.some((factor) => factor === 'EMAIL_OTP' || factor === 'SMS_OTP')
  ) {
    throw new Fault(
      'InvalidParameter',
      'EMAIL_OTP and SMS_OTP are not permitted as first factors when MFA is required.',
    )
  }
  const email = settings.EmailConfiguration
  if (email.EmailSendingAccount === 'DEVELOPER' && email.SourceArn === undefined) {
    throw new Fault('InvalidParameter', 'SourceArn is required when EmailSendingAccount is DEVELOPER.')
  }
  const key = settings.KeyConfiguration
  if ((key?.KeyType === 'CUSTOMER_MANAGED_KEY') !== (key?.KmsKeyArn !== undefined)) {
    throw new Fault(
      'InvalidParameter',
      'KmsKeyArn must be given with KeyType CUSTOMER_MANAGED_KEY, and only with it.',
    )
  }
}

/** What each feature plan leaves out. */
function checkTier(settings: PoolSettings): void {
  const tier = settings.UserPoolTier
  const security = settings.UserPoolAddOns?.AdvancedSecurityMode ?? 'OFF'
  if (tier !== 'PLUS' && security !== 'OFF')
    throw new Fault('FeatureUnavailableInTier', 'AdvancedSecurityMode', 'PLUS')
  if (tier !== 'LITE') return
  const beyondLite: readonly (readonly [string, boolean])[] = [
    [
      'AllowedFirstAuthFactors',
      settings.Policies.SignInPolicy.AllowedFirstAuthFactors.some((factor) => factor !== 'PASSWORD'),
    ],
    ['PasswordHistorySize', (settings.Policies.PasswordPolicy.PasswordHistorySize ?? 0) > 0],
    [
      'PreTokenGenerationConfig',
      (settings.LambdaConfig.PreTokenGenerationConfig?.LambdaVersion ?? 'V1_0') !== 'V1_0',
    ],
    ['AcrConfiguration', settings.AcrConfiguration !== undefined],
    [
      'DcrConfiguration',
      settings.DcrConfiguration !== undefined && settings.DcrConfiguration.EnableStatus !== 'Disabled',
    ],
  ]
  for (const [feature, used] of beyondLite) {
    if (used) throw new Fault('FeatureUnavailableInTier', feature, 'ESSENTIALS')
  }
}

function checkLambdas(lambdas: LambdaConfig): void {
  const legacy = lambdas.PreTokenGeneration
  const current = lambdas.PreTokenGenerationConfig?.LambdaArn
  if (legacy !== undefined && current !== undefined && legacy !== current) {
    throw new Fault(
      'InvalidParameter',
      'PreTokenGeneration and PreTokenGenerationConfig must have the same Lambda ARN.',
    )
  }
  if (
    (lambdas.CustomSMSSender ?? lambdas.CustomEmailSender) !== undefined &&
    lambdas.KMSKeyID === undefined
  ) {
    throw new Fault('InvalidParameter', 'KMSKeyID is required with a custom SMS or email sender.')
  }
}

function checkRecovery(settings: PoolSettings): void {
  const mechanisms = settings.AccountRecoverySetting?.RecoveryMechanisms
  if (mechanisms === undefined) return
  const names = mechanisms.map((mechanism) => mechanism.Name)
  const refuse = (reason: string) => {
    throw new Fault(
      'InvalidParameter',
      `Invalid account recovery setting parameter. Account Recovery Setting ${reason}`,
    )
  }
  if (names.includes('admin_only') && names.length > 1) {
    refuse('cannot use admin_only setting with any other recovery mechanisms.')
  }
  if (new Set(mechanisms.map((mechanism) => mechanism.Priority)).size < mechanisms.length) {
    refuse('must have a different priority for each recovery mechanism.')
  }
  if (new Set(names).size < names.length) refuse('cannot use a recovery mechanism twice.')
  const smsMfa = settings.MfaConfiguration !== 'OFF' && settings.SmsConfiguration !== undefined
  if (smsMfa && names.length === 1 && names[0] === 'verified_phone_number') {
    refuse('cannot use verified_phone_number as a recovery mechanism when SMS MFA is configured.')
  }
}

/** The mechanism that recovers an account first: it cannot be a second factor of the same person. */
export function primaryRecovery(settings: PoolSettings): RecoveryMechanism | undefined {
  const mechanisms = settings.AccountRecoverySetting?.RecoveryMechanisms ?? []
  return mechanisms.toSorted((a, b) => a.Priority - b.Priority)[0]?.Name
}

/** MFA that is demanded or offered needs a factor to offer. */
export function checkFactors(settings: PoolSettings, mfa: MfaFactors): void {
  if (settings.MfaConfiguration === 'OFF' || mfa.sms || mfa.softwareToken || mfa.email !== undefined) return
  throw new Fault(
    'InvalidParameter',
    'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
  )
}

export function checkTags(tags: Readonly<Record<string, string>>): void {
  const names = Object.keys(tags)
  if (names.length > 50) throw new Fault('InvalidTags', 'A user pool can have at most 50 tags.')
  if (names.some((name) => name.toLowerCase().startsWith('aws:'))) {
    throw new Fault('InvalidTags', 'Tag keys that start with aws: are reserved.')
  }
}

/** What SetUserPoolMfaConfig is given. */
export interface MfaRequest {
  readonly MfaConfiguration?: MfaConfiguration
  readonly SmsMfaConfiguration?: {
    readonly SmsAuthenticationMessage?: string
    readonly SmsConfiguration?: SmsConfiguration
  }
  readonly SoftwareTokenMfaConfiguration?: { readonly Enabled?: boolean }
  readonly EmailMfaConfiguration?: { readonly Message?: string; readonly Subject?: string }
  readonly WebAuthnConfiguration?: NonNullable<MfaFactors['webAuthn']>
}

/** The pool with its second factors replaced: a factor that the request leaves out is off. */
export function configureMfa(pool: Pool, request: MfaRequest): Pool {
  const sms = request.SmsMfaConfiguration
  const configuration = request.MfaConfiguration ?? 'OFF'
  const smsConfiguration = sms?.SmsConfiguration ?? pool.settings.SmsConfiguration
  if (sms !== undefined && smsConfiguration === undefined) {
    throw new Fault('InvalidParameter', 'SmsConfiguration is required when SMS MFA is configured.')
  }
  const mfa: MfaFactors = {
    sms: sms !== undefined,
    softwareToken: request.SoftwareTokenMfaConfiguration?.Enabled ?? false,
    ...(request.EmailMfaConfiguration && { email: request.EmailMfaConfiguration }),
    ...(request.WebAuthnConfiguration && { webAuthn: request.WebAuthnConfiguration }),
  }
  if (configuration !== 'OFF' && !mfa.sms && !mfa.softwareToken && mfa.email === undefined) {
    throw new Fault(
      'InvalidParameter',
      "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
    )
  }
  checkEmailFactor(pool.settings, mfa)
  const settings: PoolSettings = {
    ...pool.settings,
    MfaConfiguration: configuration,
    ...(smsConfiguration && { SmsConfiguration: smsConfiguration }),
    ...(sms?.SmsAuthenticationMessage !== undefined && {
      SmsAuthenticationMessage: sms.SmsAuthenticationMessage,
    }),
  }
  checkSettings(settings)
  return { ...pool, settings, mfa }
}

/** Email and passkey factors belong to the higher plans, and email MFA is sent through the pool's own SES identity. */
function checkEmailFactor(settings: PoolSettings, mfa: MfaFactors): void {
  const lite = settings.UserPoolTier === 'LITE'
  if (mfa.email !== undefined) {
    if (lite) throw new Fault('FeatureUnavailableInTier', 'EmailMfaConfiguration', 'ESSENTIALS')
    if (settings.EmailConfiguration.EmailSendingAccount !== 'DEVELOPER') {
      throw new Fault(
        'InvalidParameter',
        'Email MFA requires an EmailConfiguration with EmailSendingAccount DEVELOPER.',
      )
    }
  }
  if (lite && mfa.webAuthn?.FactorConfiguration !== undefined) {
    throw new Fault('FeatureUnavailableInTier', 'WebAuthnConfiguration.FactorConfiguration', 'ESSENTIALS')
  }
}
