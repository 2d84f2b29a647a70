import { defined } from '../lib/defined.ts'
import { Fault } from './faults.ts'
import type {
  FirstFactor,
  LambdaConfig,
  PasswordPolicy,
  PoolSettings,
  SmsConfiguration,
  VerificationMessageTemplate,
} from './pool.ts'

/** The settings as a request sends them: every member optional, also inside those that AWS fills up. */
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

/** What an update keeps when it leaves it out; the rest returns to its default. docs/decisions/0007 has the sources. */
export const keptWhenOmitted = [
  'MfaConfiguration',
  'SmsConfiguration',
  'UserAttributeUpdateSettings',
  'UserPoolTier',
  'DcrConfiguration',
] as const satisfies readonly (keyof PoolSettings)[]

/** The settings that a request asks for, with AWS's defaults, and what stands, for what it leaves out. */
export function resolveSettings(
  request: SettingsRequest,
  region: string,
  standing?: PoolSettings,
): PoolSettings {
  const kept = Object.fromEntries(keptWhenOmitted.map((name) => [name, standing?.[name]]))
  const asked: SettingsRequest = { ...defined(kept), ...request }
  const validity = temporaryPasswordDays(request) ?? standing?.AdminCreateUserConfig.UnusedAccountValidityDays
  const Policies = policies(request.Policies, validity, standing?.Policies)
  return defined({
    ...asked,
    ...verificationTexts(request),
    Policies,
    DeletionProtection: asked.DeletionProtection ?? 'INACTIVE',
    LambdaConfig: lambdas(asked.LambdaConfig ?? {}),
    UserAttributeUpdateSettings: asked.UserAttributeUpdateSettings ?? {},
    MfaConfiguration: asked.MfaConfiguration ?? 'OFF',
    EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT', ...asked.EmailConfiguration },
    SmsConfiguration: asked.SmsConfiguration && withSnsRegion(asked.SmsConfiguration, region),
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: false,
      ...asked.AdminCreateUserConfig,
      UnusedAccountValidityDays: Policies.PasswordPolicy.TemporaryPasswordValidityDays,
    },
    AccountRecoverySetting: asked.AccountRecoverySetting ?? emailThenPhone,
    UserPoolTier: asked.UserPoolTier ?? 'ESSENTIALS',
    KeyConfiguration: { KeyType: 'AWS_OWNED_KEY', ...asked.KeyConfiguration },
    IssuerConfiguration: { Type: 'ORIGINAL', ...asked.IssuerConfiguration },
    DcrConfiguration: asked.DcrConfiguration && { ...registration, ...asked.DcrConfiguration },
  })
}

/**
 * Of a pool that says nothing about recovery. The API reference promises such a pool the older behaviour, a phone before
 * an email; those who want it have to ask for it with `{}` all the same (terraform-provider-aws#26223).
 */
const emailThenPhone: NonNullable<PoolSettings['AccountRecoverySetting']> = {
  RecoveryMechanisms: [
    { Priority: 1, Name: 'verified_email' },
    { Priority: 2, Name: 'verified_phone_number' },
  ],
}

/** Naming the configuration turns registration on. */
const registration: NonNullable<PoolSettings['DcrConfiguration']> = {
  EnableStatus: 'Enabled',
  OpenDcrEnabled: false,
  AuthenticatedGrantTypes: ['code', 'client_credentials'],
  OpenDcrGrantTypes: ['code'],
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

const strongPassword: PasswordPolicy = {
  ...statedPassword,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
}

/** Either policy that a request leaves out stays as it stands. */
function policies(
  request: SettingsRequest['Policies'],
  validity: number | undefined,
  standing: PoolSettings['Policies'] | undefined,
): PoolSettings['Policies'] {
  const given = request?.PasswordPolicy
  const policy: PasswordPolicy = {
    ...(given === undefined ? (standing?.PasswordPolicy ?? strongPassword) : statedPassword),
    ...given,
    TemporaryPasswordValidityDays: validity ?? statedPassword.TemporaryPasswordValidityDays,
  }
  return {
    // A history of none is not shown.
    PasswordPolicy: defined({ ...policy, PasswordHistorySize: policy.PasswordHistorySize || undefined }),
    SignInPolicy: {
      AllowedFirstAuthFactors: request?.SignInPolicy?.AllowedFirstAuthFactors ??
        standing?.SignInPolicy.AllowedFirstAuthFactors ?? ['PASSWORD'],
    },
  }
}

/**
 * One number with two homes, shown in both. Zero says nothing, as the API reference has it.
 * @throws Fault InvalidParameter when a request uses both
 */
function temporaryPasswordDays(request: SettingsRequest): number | undefined {
  const current = request.Policies?.PasswordPolicy?.TemporaryPasswordValidityDays || undefined
  const old = request.AdminCreateUserConfig?.UnusedAccountValidityDays || undefined
  if (current !== undefined && old !== undefined) {
    throw new Fault(
      'InvalidParameter',
      'Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays',
    )
  }
  // A policy that is named without it asks for the default, not for what stands.
  return current ?? old ?? (request.Policies?.PasswordPolicy && statedPassword.TemporaryPasswordValidityDays)
}

/**
 * The verification texts have two homes, the template and three older members; AWS shows what is said in one in the
 * other too. Only the template's are sent.
 */
function verificationTexts(request: SettingsRequest) {
  const template = request.VerificationMessageTemplate ?? {}
  const {
    SmsVerificationMessage = template.SmsMessage,
    EmailVerificationMessage = template.EmailMessage,
    EmailVerificationSubject = template.EmailSubject,
  } = request
  const VerificationMessageTemplate: VerificationMessageTemplate = {
    ...defined({
      SmsMessage: SmsVerificationMessage,
      EmailMessage: EmailVerificationMessage,
      EmailSubject: EmailVerificationSubject,
    }),
    DefaultEmailOption: 'CONFIRM_WITH_CODE',
    ...template,
  }
  return {
    SmsVerificationMessage,
    EmailVerificationMessage,
    EmailVerificationSubject,
    VerificationMessageTemplate,
  }
}

/** The trigger before token generation has two homes as well, an ARN and an ARN with a version. */
function lambdas(given: LambdaConfig): LambdaConfig {
  const { PreTokenGeneration = given.PreTokenGenerationConfig?.LambdaArn } = given
  if (PreTokenGeneration === undefined) return given
  const PreTokenGenerationConfig = { LambdaVersion: 'V1_0', LambdaArn: PreTokenGeneration } as const
  return { PreTokenGenerationConfig, ...given, PreTokenGeneration }
}

/** SMS through SNS goes out in the pool's own region unless another is named. */
export function withSnsRegion(given: SmsConfiguration, region: string): SmsConfiguration {
  return given.SnsCallerArn === undefined ? given : { SnsRegion: region, ...given }
}
