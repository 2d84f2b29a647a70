import type { Attributes } from './attribute.ts'
import type { MfaFactors, PoolSettings } from './pool.ts'
import { primaryRecovery } from './pool.ts'
import type { Factor, MfaPreferences, User } from './user.ts'

/** Every challenge of the API. */
export type Challenge =
  | 'SMS_MFA'
  | 'EMAIL_OTP'
  | 'SOFTWARE_TOKEN_MFA'
  | 'SELECT_MFA_TYPE'
  | 'MFA_SETUP'
  | 'PASSWORD_VERIFIER'
  | 'CUSTOM_CHALLENGE'
  | 'SELECT_CHALLENGE'
  | 'DEVICE_SRP_AUTH'
  | 'DEVICE_PASSWORD_VERIFIER'
  | 'ADMIN_NO_SRP_AUTH'
  | 'NEW_PASSWORD_REQUIRED'
  | 'SMS_OTP'
  | 'PASSWORD'
  | 'WEB_AUTHN'
  | 'PASSWORD_SRP'

/** What the second-factor decision looks at, all of it given. */
export interface MfaFacts {
  readonly settings: PoolSettings
  readonly factors: MfaFactors
  readonly preferences: MfaPreferences
  readonly attributes: Attributes
  /** A verified software token is on file. */
  readonly softwareToken: boolean
  /** A device that the user has remembered was presented with the sign-in. */
  readonly rememberedDevice: boolean
  /** Threat protection asks for a second factor whatever the pool's configuration says. */
  readonly demanded: boolean
}

export type MfaDecision =
  | { readonly kind: 'tokens' }
  | { readonly kind: 'challenge'; readonly factor: Factor }
  | { readonly kind: 'device' }
  | { readonly kind: 'select'; readonly factors: readonly Factor[] }
  | { readonly kind: 'setup'; readonly factors: readonly Factor[] }
  /** The pool demands a factor and the user can have none: nobody gets in. */
  | { readonly kind: 'impossible' }

const tokens: MfaDecision = { kind: 'tokens' }
const challenge = (factor: Factor): MfaDecision => ({ kind: 'challenge', factor })

/**
 * Which second factor follows a correct first one. The numbers are the rows of the decision table in
 * docs/mfa-decision.md; the first row that fits wins.
 */
export function decideMfa(facts: MfaFacts): MfaDecision {
  const { settings, preferences } = facts
  const demanded = settings.MfaConfiguration === 'ON' || facts.demanded
  if (settings.MfaConfiguration === 'OFF' && !facts.demanded) return tokens // 1
  if (facts.rememberedDevice && settings.DeviceConfiguration?.ChallengeRequiredOnNewDevice)
    return { kind: 'device' } // 2

  const active = activeFactors(facts)
  if (preferences.preferred !== undefined && active.includes(preferences.preferred))
    return challenge(preferences.preferred) // 5
  if (!demanded) return optional(active) // 3, 4, 6, 7
  if (active.length === 1 && active[0] !== undefined && !facts.softwareToken) return challenge(active[0])
  return required(facts)
}

/** Factors the user has switched on, the legacy SMS option among them. */
function activeFactors({ preferences, attributes, softwareToken }: MfaFacts): Factor[] {
  const usable: Record<Factor, boolean> = {
    SMS_MFA: has(attributes, 'phone_number'),
    SOFTWARE_TOKEN_MFA: softwareToken,
    EMAIL_OTP: has(attributes, 'email'),
  }
  const enabled = new Set(preferences.enabled)
  if (preferences.legacySms) enabled.add('SMS_MFA')
  return order.filter((factor) => enabled.has(factor) && usable[factor])
}

function optional(active: readonly Factor[]): MfaDecision {
  const [only] = active
  if (only === undefined) return tokens // 3, and 7: registered is not enabled
  return active.length === 1 ? challenge(only) : { kind: 'select', factors: active } // 4, 6
}

/** MFA is demanded and no preference decides: what the pool offers and the user's attributes allow. */
function required(facts: MfaFacts): MfaDecision {
  const { settings, factors, attributes, softwareToken } = facts
  const recovery = primaryRecovery(settings)
  const reachable: Factor[] = []
  if (factors.sms && has(attributes, 'phone_number') && recovery !== 'verified_phone_number')
    reachable.push('SMS_MFA')
  if (factors.email !== undefined && has(attributes, 'email') && recovery !== 'verified_email')
    reachable.push('EMAIL_OTP')

  if (softwareToken) {
    const [none] = reachable
    if (none === undefined) return challenge('SOFTWARE_TOKEN_MFA') // 8
    return {
      kind: 'select',
      factors: order.filter((factor) => factor === 'SOFTWARE_TOKEN_MFA' || reachable.includes(factor)),
    } // 9
  }
  const [first] = reachable
  if (reachable.length > 1) return { kind: 'select', factors: reachable } // 14
  if (first !== undefined) return challenge(first) // 11, 12, 15

  // The attribute is there, its factor is on, and only account recovery stands in the way: no set-up can help.
  const blocked =
    (factors.sms && has(attributes, 'phone_number')) ||
    (factors.email !== undefined && has(attributes, 'email'))
  if (blocked) return { kind: 'impossible' } // 10
  const settable: Factor[] = []
  if (factors.sms && recovery !== 'verified_phone_number') settable.push('SMS_MFA')
  if (factors.softwareToken) settable.push('SOFTWARE_TOKEN_MFA')
  if (factors.email !== undefined && recovery !== 'verified_email' && !has(attributes, 'email'))
    settable.push('EMAIL_OTP')
  const canSetUp = settable.some((factor) => factor !== 'SMS_MFA') // a phone number cannot be added while signing in
  return canSetUp ? { kind: 'setup', factors: settable } : { kind: 'impossible' } // 13, 16; 17
}

const order: readonly Factor[] = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP']

const has = (attributes: Attributes, name: string): boolean => (attributes[name] ?? '') !== ''

/** What stands before any second factor: the state of the account, then a password that must be replaced. */
export function nextAfterPassword(
  user: User,
  facts: MfaFacts,
): MfaDecision | { readonly kind: 'new-password' } {
  return user.status === 'FORCE_CHANGE_PASSWORD' ? { kind: 'new-password' } : decideMfa(facts)
}
