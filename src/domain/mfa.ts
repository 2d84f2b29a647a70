import { Fault } from './faults.ts'
import { passkeysCountAsMfa } from './passkey.ts'
import type { Pool } from './pool.ts'
import { allFactors, canUse, type Factor, type MfaPreferences, mustBeConfirmed, type User } from './user.ts'

/** `MFAOptions` of (Admin)SetUserSettings. */
export type MfaOption = { readonly DeliveryMedium?: 'SMS' | 'EMAIL'; readonly AttributeName?: string }

/**
 * Replaces the legacy MFA options. They can say one thing, SMS to `phone_number`, and an empty list unsays it. The
 * number need not be verified. Preferences set by (Admin)SetUserMFAPreference stay as they are.
 * @throws Fault InvalidParameter, NoDeliveryFor
 */
export function withLegacyOptions(user: User, options: readonly MfaOption[]): User {
  for (const { DeliveryMedium, AttributeName } of options) {
    if (DeliveryMedium !== 'SMS')
      throw new Fault('InvalidParameter', 'Only the SMS delivery medium is supported.')
    if (AttributeName !== 'phone_number') {
      throw new Fault('InvalidParameter', 'The only attribute that is supported is phone_number.')
    }
  }
  const legacySms = options.length > 0
  if (legacySms) mustBeUsable('SMS_MFA', user, false)
  return { ...user, mfa: { ...user.mfa, legacySms } }
}

interface FactorSettings {
  readonly Enabled?: boolean
  readonly PreferredMfa?: boolean
}

/** What (Admin)SetUserMFAPreference is given. */
export interface PreferenceRequest {
  readonly SMSMfaSettings?: FactorSettings
  readonly SoftwareTokenMfaSettings?: FactorSettings
  readonly EmailMfaSettings?: FactorSettings
  readonly WebAuthnMfaSettings?: { readonly Enabled?: boolean }
}

/** What a user has registered, beside what the attributes tell. */
export interface Registered {
  readonly softwareToken: boolean
  readonly passkeys: boolean
}

/**
 * Switches factors on and off and chooses the preferred one. A factor that the request does not name stays as it is.
 * @throws Fault InvalidParameter, NoDeliveryFor, UserNotConfirmed, PasswordResetRequired
 */
export function withPreference(
  pool: Pool,
  user: User,
  request: PreferenceRequest,
  registered: Registered,
): User {
  mustBeConfirmed(user)
  const asked: Record<Factor, FactorSettings | undefined> = {
    SMS_MFA: request.SMSMfaSettings,
    SOFTWARE_TOKEN_MFA: request.SoftwareTokenMfaSettings,
    EMAIL_OTP: request.EmailMfaSettings,
  }
  const enabled = allFactors.filter((factor) => asked[factor]?.Enabled ?? user.mfa.enabled.includes(factor))
  for (const factor of enabled)
    if (asked[factor]?.Enabled) mustBeUsable(factor, user, registered.softwareToken)
  const preferred = preferredOf(user.mfa, asked, enabled)
  // Who switches SMS off means all of it, also what the legacy operation switched on.
  const legacySms = user.mfa.legacySms && asked.SMS_MFA?.Enabled !== false
  const webAuthn = request.WebAuthnMfaSettings?.Enabled ?? user.mfa.webAuthn ?? false
  if (request.WebAuthnMfaSettings?.Enabled) {
    // Named in the same request, even if it is on already: so read from the live service in October 2026.
    if (!allFactors.some((factor) => asked[factor]?.Enabled)) throw passkeysAlone()
    mustAllowPasskeyMfa(pool, registered)
  }
  if (webAuthn && enabled.length === 0 && !legacySms) throw passkeysAlone()
  return {
    ...user,
    mfa: { legacySms, enabled, ...(preferred && { preferred }), ...(webAuthn && { webAuthn }) },
  }
}

const passkeysAlone = () =>
  new Fault('InvalidParameter', 'WebAuthn MFA requires enabling an additional MFA setting.')

/** The text about the pool is ours; the others are the live service's. @throws Fault InvalidParameter */
function mustAllowPasskeyMfa(pool: Pool, { passkeys }: Registered): void {
  if (!passkeysCountAsMfa(pool)) {
    throw new Fault(
      'InvalidParameter',
      'WebAuthn MFA requires the FactorConfiguration MULTI_FACTOR_WITH_USER_VERIFICATION of the user pool.',
    )
  }
  if (!passkeys) {
    throw new Fault(
      'InvalidParameter',
      'User does not have applicable WebAuthn credentials to enable WebAuthn MFA.',
    )
  }
}

/** The preferences of a user who has a factor no longer. Passkeys count as two factors only beside another. */
export function withoutFactor(mfa: MfaPreferences, gone: Factor | 'WEB_AUTHN'): MfaPreferences {
  const enabled = mfa.enabled.filter((factor) => factor !== gone)
  const webAuthn = mfa.webAuthn && gone !== 'WEB_AUTHN' && (enabled.length > 0 || mfa.legacySms)
  return {
    legacySms: mfa.legacySms,
    enabled,
    ...(mfa.preferred !== undefined && mfa.preferred !== gone && { preferred: mfa.preferred }),
    ...(webAuthn && { webAuthn }),
  }
}

/** @throws Fault NoDeliveryFor */
function mustBeUsable(factor: Factor, user: User, softwareToken: boolean): void {
  if (!canUse(factor, user.attributes, softwareToken)) throw new Fault('NoDeliveryFor', factor)
}

function preferredOf(
  standing: MfaPreferences,
  asked: Record<Factor, FactorSettings | undefined>,
  enabled: readonly Factor[],
): Factor | undefined {
  const wanted = allFactors.filter((factor) => asked[factor]?.PreferredMfa)
  const [first] = wanted
  if (wanted.length > 1) throw new Fault('InvalidParameter', 'Only one MFA factor can be set as preferred.')
  if (first !== undefined && !enabled.includes(first)) {
    throw new Fault('InvalidParameter', 'An MFA factor must be enabled to be set as preferred.')
  }
  if (first !== undefined) return first
  const kept = standing.preferred
  const dropped = kept === undefined || !enabled.includes(kept) || asked[kept]?.PreferredMfa === false
  return dropped ? undefined : kept
}
