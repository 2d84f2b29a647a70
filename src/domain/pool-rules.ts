import { checkAcrLevels } from './acr.ts'
import { Fault } from './faults.ts'
import type { FirstFactor, LambdaConfig, MfaFactors, Pool, PoolSettings } from './pool.ts'

/**
 * Rules that hold between the members of a pool's configuration. The texts are AWS's where a capture is known
 * (deploys of cdk-preflight and cdkd, 2026); those marked `ours` stand in for the rest.
 * @throws Fault InvalidParameter
 */
export function checkConfiguration({ settings, mfa }: Pick<Pool, 'settings' | 'mfa'>, region: string): void {
  checkFirstFactors(settings, mfa)
  checkInvitation(settings)
  checkVerification(settings)
  checkEmail(settings, mfa)
  checkSms(settings, region)
  checkLambdas(settings.LambdaConfig, region)
  checkRecovery(settings, mfa)
  checkAcrLevels(settings.AcrConfiguration ?? {})
  const { KeyType, KmsKeyArn } = settings.KeyConfiguration ?? {}
  // ours
  if ((KeyType === 'CUSTOMER_MANAGED_KEY') !== (KmsKeyArn !== undefined))
    refuse('KmsKeyArn must be given with KeyType CUSTOMER_MANAGED_KEY, and only with it.')
  if (/[^A-Za-z0-9.-]/.test(mfa.webAuthn?.RelyingPartyId ?? ''))
    refuse('RelyingPartyId contains invalid characters')
}

function refuse(text: string): never {
  throw new Fault('InvalidParameter', text)
}

const passcodes: ReadonlySet<FirstFactor> = new Set(['EMAIL_OTP', 'SMS_OTP'])

function checkFirstFactors(settings: PoolSettings, mfa: MfaFactors): void {
  const factors = settings.Policies.SignInPolicy.AllowedFirstAuthFactors
  if (!factors.includes('PASSWORD'))
    refuse('Password should be configured as one of the allowed first auth factors.')
  // ours; the API reference says that it is not supported
  if (factors.includes('SOFTWARE_TOKEN')) refuse('SOFTWARE_TOKEN is not supported as a first auth factor.')
  if (settings.MfaConfiguration !== 'ON') return
  if (factors.some((factor) => passcodes.has(factor))) {
    refuse('Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled')
  }
  const passkeysCount = mfa.webAuthn?.FactorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION'
  if (factors.includes('WEB_AUTHN') && !passkeysCount) {
    refuse(
      'Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor',
    )
  }
}

/** An invitation holds the password, unless users may come without one. Refused as validation, by an older name. */
function checkInvitation({ AdminCreateUserConfig, Policies }: PoolSettings): void {
  if (Policies.SignInPolicy.AllowedFirstAuthFactors.length > 1) return
  const { EmailMessage, SMSMessage } = AdminCreateUserConfig.InviteMessageTemplate ?? {}
  const printable = '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*'
  const violations = [
    { value: EmailMessage, at: 'emailMessage', pattern: `${printable}\\{####\\}${printable}` },
    { value: SMSMessage, at: 'smsMessage', pattern: '(?s).*\\{####\\}(?s).*' },
  ]
    .filter(({ value }) => value !== undefined && !value.includes('{####}'))
    .map(
      ({ value, at, pattern }) =>
        `Value '${value}' at 'adminCreateUserConfig.inviteMessage.${at}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`,
    )
  if (violations.length > 0) throw new Fault('ValidationFailed', violations)
}

function checkVerification(settings: PoolSettings): void {
  const verified = settings.AutoVerifiedAttributes ?? []
  if (verified.includes('phone_number') && settings.SmsConfiguration === undefined)
    refuse('SMS configuration is required when phone_number is selected for auto verification')
  const first = settings.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate ?? []
  if (first.some((attribute) => !verified.includes(attribute)))
    refuse('All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes')
}

function checkEmail(settings: PoolSettings, mfa: MfaFactors): void {
  const { EmailSendingAccount, SourceArn, From } = settings.EmailConfiguration
  if (EmailSendingAccount === 'DEVELOPER' && SourceArn === undefined)
    refuse('Source ARN is required to use DEVELOPER email sending owner')
  if (From !== undefined && !isSender(From)) refuse('Provided From email address is invalid')
  if (EmailSendingAccount === 'COGNITO_DEFAULT' && mfa.email !== undefined) {
    refuse(
      'Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT. Update the value of EmailSendingAccount.',
    )
  }
}

/** `support@example.com` or `Support <support@example.com>`. */
function isSender(from: string): boolean {
  const bracket = from.lastIndexOf('<')
  const address = bracket < 0 ? from : from.endsWith('>') ? from.slice(bracket + 1, -1) : ''
  return /^[^@\s<>]+@[^@\s<>]+$/u.test(address)
}

/** Both ours: the API reference gives the rules. */
function checkSms({ SmsConfiguration }: PoolSettings, region: string): void {
  const { SnsCallerArn, EumsSms } = SmsConfiguration ?? {}
  if (EumsSms === undefined) return
  if (SnsCallerArn !== undefined)
    refuse('Only one of SnsCallerArn and EumsSms can be set in SmsConfiguration.')
  if ((EumsSms.Region ?? region) !== region)
    refuse(`Invalid region in EumsSms. The allowed region is ${region}.`)
}

function checkLambdas(config: LambdaConfig, region: string): void {
  const { PreTokenGeneration, PreTokenGenerationConfig, CustomSMSSender, CustomEmailSender, KMSKeyID } =
    config
  if (PreTokenGeneration !== PreTokenGenerationConfig?.LambdaArn) {
    refuse("Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's")
  }
  if ((CustomSMSSender ?? CustomEmailSender) !== undefined && KMSKeyID === undefined)
    refuse('KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.')
  const triggers = Object.entries(config).filter(([name]) => name !== 'KMSKeyID')
  for (const [, trigger] of triggers) {
    const arn: string = typeof trigger === 'string' ? trigger : trigger.LambdaArn
    if (arn.split(':')[3] !== region) refuse('Cross-region lambda functions are not supported')
  }
}

function checkRecovery(settings: PoolSettings, mfa: MfaFactors): void {
  const mechanisms = settings.AccountRecoverySetting?.RecoveryMechanisms ?? []
  const names = mechanisms.map(({ Name }) => Name)
  const cannot = (what: string) =>
    refuse(`Invalid account recovery setting parameter. Account Recovery Setting cannot ${what}`)
  if (names.includes('admin_only') && names.length > 1)
    cannot('use admin_only setting with any other recovery mechanisms.')
  const priorities = mechanisms.map(({ Priority }) => Priority)
  if (new Set(names).size < names.length || new Set(priorities).size < priorities.length)
    cannot('have duplicate priorities or recovery mechanisms.')
  if (names.length !== 1) return
  if (mfa.sms && names[0] === 'verified_phone_number')
    cannot('use verified_phone_number as a recovery mechanism when SMS MFA is configured.')
  // ours, after the one above; the developer guide has the rule
  if (mfa.email !== undefined && names[0] === 'verified_email')
    cannot('use verified_email as a recovery mechanism when Email MFA is configured.')
}

/** What is wrong with a pool's tags, if anything is. The rules are of the developer guide, the texts ours. */
export function faultOfTags(tags: Readonly<Record<string, string>>): string | undefined {
  const names = Object.keys(tags)
  if (names.length > 50) return 'A user pool can have at most 50 tags.'
  const reserved = names.some((name) => name.toLowerCase().startsWith('aws:'))
  return reserved ? 'Tag keys that start with aws: are reserved.' : undefined
}

/** @throws Fault InvalidTags */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const wrong = faultOfTags(tags)
  if (wrong !== undefined) throw new Fault('InvalidTags', wrong)
}
