import type { Instant } from '../lib/instant.ts'
import type { AcrConfiguration } from './acr.ts'
import type { UserPoolId } from './ids.ts'
import type { HashCost } from './password-hash.ts'
import type { SchemaAttribute } from './schema.ts'

export interface Pool {
  readonly id: UserPoolId
  /** Where it is looked at: in the region it was created in, or in that of its replica. */
  readonly region: string
  /** The secondary replica through which it is looked at, if it is one. */
  readonly replica?: { readonly status: ReplicaStatus }
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
  /** The dearest of the password hashes that were imported, if any: what a password sign-in costs here. */
  readonly importedHash?: HashCost
  /** What SetLogDeliveryConfiguration has set; none until it does. */
  readonly logs?: readonly LogConfiguration[]
}

/** Where one kind of a pool's logs goes, in AWS's own words. */
export interface LogConfiguration {
  readonly LogLevel: 'ERROR' | 'INFO'
  readonly EventSource: 'userNotification' | 'userAuthEvents'
  readonly CloudWatchLogsConfiguration?: { readonly LogGroupArn?: string }
  readonly S3Configuration?: { readonly BucketArn?: string }
  readonly FirehoseConfiguration?: { readonly StreamArn?: string }
}

/** AWS has CREATING and DELETING too: here a replica is there at once, and gone at once. */
export type ReplicaStatus = 'ACTIVE' | 'INACTIVE'

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
 * What CreateUserPool and UpdateUserPool set, in AWS's own words: the settings are AWS's vocabulary, so each member
 * keeps its name and shape. `resolveSettings` fills in what AWS fills in.
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
  /** The levels with a name of the pool's own; `acrLevels` has all four. */
  readonly AcrConfiguration?: AcrConfiguration
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

/** The pool's second factors, and its passkeys, as SetUserPoolMfaConfig replaces them. */
export interface MfaFactors {
  /** SMS is a factor of this pool: from SmsMfaConfiguration, or from MFA that was turned on with an SMS configuration. */
  readonly sms: boolean
  /** Absent when nothing was said about it: the service shows `Enabled: false` only to who said so. */
  readonly softwareToken?: boolean
  readonly email?: { readonly Message?: string; readonly Subject?: string }
  readonly webAuthn?: {
    readonly RelyingPartyId?: string
    readonly UserVerification?: 'required' | 'preferred'
    readonly FactorConfiguration?: 'SINGLE_FACTOR' | 'MULTI_FACTOR_WITH_USER_VERIFICATION'
  }
}

/** The mechanism that recovers an account first: it cannot be a second factor of the same person. */
export function primaryRecovery(settings: PoolSettings): RecoveryMechanism | undefined {
  const mechanisms = settings.AccountRecoverySetting?.RecoveryMechanisms ?? []
  return mechanisms.toSorted((a, b) => a.Priority - b.Priority)[0]?.Name
}
