import type { Attributes } from './attribute.ts'
import { type MfaFactors, type PoolSettings, primaryRecovery } from './pool.ts'
import { addressOf, allFactors, canUse, type Factor, type MfaPreferences, type User } from './user.ts'

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

/** How a sign-in begins: the flows of InitiateAuth, those that take a password as one. */
export type Beginning = 'password' | 'srp' | 'choice' | 'custom' | 'refresh'

/** Where ways meet on which the rest is the same; no client ever sees one. */
export type Junction =
  | 'password proven'
  | 'password settled'
  | 'second factor'
  | 'enough proven'
  | 'custom step judged'

export type SignInState = Beginning | Challenge | Junction | 'tokens'

/**
 * The sign-in as a state diagram: from where a client can be led to where. A call that brings the answer to the challenge
 * it asks for takes two steps at once. docs/sign-in.md draws it; no test may see a step that is not here, and the whole
 * suite must take every one that is (test/transition-account.ts).
 */
export const transitions: Record<Exclude<SignInState, 'tokens'>, readonly SignInState[]> = {
  // ---- beginnings
  password: ['password proven'],
  srp: ['PASSWORD_VERIFIER'],
  // The preferred factor at once; what a step-up still lacks; tokens, or a second factor, for who has just confirmed a sign-up.
  choice: [
    'SELECT_CHALLENGE',
    'PASSWORD',
    'PASSWORD_SRP',
    'EMAIL_OTP',
    'SMS_OTP',
    'WEB_AUTHN',
    'SELECT_MFA_TYPE',
    'SMS_MFA',
    'SOFTWARE_TOKEN_MFA',
    'MFA_SETUP',
    'tokens',
  ],
  custom: ['custom step judged'],
  refresh: ['tokens'],

  // ---- first factors
  SELECT_CHALLENGE: [
    'PASSWORD',
    'PASSWORD_SRP',
    'EMAIL_OTP',
    'SMS_OTP',
    'WEB_AUTHN',
    'SMS_MFA',
    'SOFTWARE_TOKEN_MFA',
  ],
  PASSWORD: ['password proven'],
  PASSWORD_SRP: ['PASSWORD_VERIFIER'],
  PASSWORD_VERIFIER: ['password proven', 'custom step judged'],
  SMS_OTP: ['enough proven'],
  WEB_AUTHN: ['enough proven'],

  // ---- what follows a password, in this order
  'password proven': ['NEW_PASSWORD_REQUIRED', 'password settled'],
  NEW_PASSWORD_REQUIRED: ['password settled'],
  'password settled': ['second factor', 'enough proven'],
  'second factor': ['SMS_MFA', 'EMAIL_OTP', 'SOFTWARE_TOKEN_MFA', 'SELECT_MFA_TYPE', 'MFA_SETUP'],
  SELECT_MFA_TYPE: ['SMS_MFA', 'EMAIL_OTP', 'SOFTWARE_TOKEN_MFA'],
  MFA_SETUP: ['EMAIL_OTP', 'enough proven'],
  SMS_MFA: ['enough proven', 'custom step judged'],
  EMAIL_OTP: ['enough proven', 'custom step judged'],
  SOFTWARE_TOKEN_MFA: ['enough proven', 'custom step judged'],

  // ---- the device comes last; one that stood in for the second factor may be remembered no longer
  'enough proven': ['DEVICE_SRP_AUTH', 'tokens'],
  DEVICE_SRP_AUTH: ['DEVICE_PASSWORD_VERIFIER'],
  DEVICE_PASSWORD_VERIFIER: ['second factor', 'tokens'],

  // ---- where DefineAuthChallenge decides
  'custom step judged': [
    'CUSTOM_CHALLENGE',
    'PASSWORD_VERIFIER',
    'ADMIN_NO_SRP_AUTH',
    'SMS_MFA',
    'EMAIL_OTP',
    'SOFTWARE_TOKEN_MFA',
    'enough proven',
  ],
  CUSTOM_CHALLENGE: ['custom step judged'],
  ADMIN_NO_SRP_AUTH: ['custom step judged'],
}

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
  /** Threat protection asks for a second factor where MFA is optional. */
  readonly demand?: MfaDemand | undefined
}

/** `if configured` is content without one where the user can have none. */
export type MfaDemand = 'required' | 'if configured'

export type MfaDecision =
  | { readonly kind: 'tokens' }
  | { readonly kind: 'challenge'; readonly factor: Factor }
  | { readonly kind: 'device' }
  | { readonly kind: 'select'; readonly factors: readonly Factor[] }
  | { readonly kind: 'setup'; readonly factors: readonly Factor[] }
  /** The pool demands a factor and the user can have none: nobody gets in. */
  | { readonly kind: 'impossible' }

const tokens: MfaDecision = { kind: 'tokens' }
const impossible: MfaDecision = { kind: 'impossible' }
const challenge = (factor: Factor): MfaDecision => ({ kind: 'challenge', factor })
const select = (factors: readonly Factor[]): MfaDecision => ({ kind: 'select', factors })

/**
 * Which second factor follows a correct first one. The numbers are the rows of the decision table in
 * docs/mfa-decision.md, which gives the source of each and what was assumed where sources differ or are silent.
 */
export function decideMfa(facts: MfaFacts): MfaDecision {
  const { MfaConfiguration, DeviceConfiguration } = facts.settings
  if (MfaConfiguration === 'OFF') return tokens // 1
  if (facts.rememberedDevice && DeviceConfiguration?.ChallengeRequiredOnNewDevice) return { kind: 'device' } // 2
  return MfaConfiguration === 'ON' || isDemanded(facts) ? required(facts) : optional(facts)
}

const isDemanded = (facts: MfaFacts): boolean =>
  facts.demand === 'required' || (facts.demand === 'if configured' && usableFactors(facts).length > 0)

/** The user's own choice decides, and without one there is no second factor. */
function optional(facts: MfaFacts): MfaDecision {
  const active = activeFactors(facts)
  const { preferred } = facts.preferences
  if (preferred !== undefined && active.includes(preferred)) return challenge(preferred) // 5
  const [first, second] = active
  if (first === undefined) return tokens // 3, and 7: registered is not enabled
  return second === undefined ? challenge(first) : select(active) // 4; 6
}

/** Factors the user has switched on, the legacy SMS option among them, and has what it takes to answer. */
function activeFactors({ preferences, attributes, softwareToken }: MfaFacts): Factor[] {
  const enabled = new Set(preferences.enabled)
  if (preferences.legacySms) enabled.add('SMS_MFA')
  return allFactors.filter((factor) => enabled.has(factor) && canUse(factor, attributes, softwareToken))
}

/** A second factor is demanded: a preference decides, then what the pool offers and the user's attributes allow. */
function required(facts: MfaFacts): MfaDecision {
  const { attributes, preferences, softwareToken } = facts
  const active = activeFactors(facts)
  const offered = offeredFactors(facts.factors)
  const { preferred } = preferences
  if (preferred !== undefined && active.includes(preferred)) {
    if (offered.includes(preferred) || preferred === 'SOFTWARE_TOKEN_MFA') return challenge(preferred) // 5
  }
  const eligible = eligibleFactors(facts)
  const usable = eligible.filter((factor) => canUse(factor, attributes, softwareToken))
  const [first, second] = usable
  if (usable.includes('SOFTWARE_TOKEN_MFA')) {
    return second === undefined ? challenge('SOFTWARE_TOKEN_MFA') : select(usable) // 8; 9
  }
  const legacySms = preferences.legacySms && active.includes('SMS_MFA') && offered.includes('SMS_MFA')
  if (legacySms) return challenge('SMS_MFA') // 4
  if (first !== undefined) return second === undefined ? challenge(first) : select(usable) // 11, 12, 15; 14
  return setUp(facts, offered, eligible)
}

/** What recovers the account cannot be its second factor too. */
function eligibleFactors({ settings, factors }: MfaFacts): Factor[] {
  const recovery = primaryRecovery(settings)
  return offeredFactors(factors).filter((factor) => recovery !== `verified_${addressOf[factor]}`)
}

/** The second factors with which a user can step up: those that could be demanded and need no setting up. */
export function usableFactors(facts: MfaFacts): Factor[] {
  if (facts.settings.MfaConfiguration === 'OFF') return []
  return eligibleFactors(facts).filter((factor) => canUse(factor, facts.attributes, facts.softwareToken))
}

function offeredFactors({ sms, softwareToken, email }: MfaFactors): Factor[] {
  const offered = { SMS_MFA: sms, SOFTWARE_TOKEN_MFA: softwareToken, EMAIL_OTP: email !== undefined }
  return allFactors.filter((factor) => offered[factor])
}

/** Nothing is usable: whether the user can set up a factor while signing in. */
function setUp(
  { settings, attributes }: MfaFacts,
  offered: readonly Factor[],
  eligible: readonly Factor[],
): MfaDecision {
  // Threat protection blocks who has no factor; only a pool that requires MFA lets them set one up.
  if (settings.MfaConfiguration !== 'ON') return impossible
  const addressed = messageFactors.filter((factor) => canUse(factor, attributes, false))
  const [only, other] = addressed
  if (only !== undefined && other === undefined && offered.includes(only)) return impossible // 10
  // An address can be added while signing in by who has none, and then an email address only.
  const settable = only === undefined ? ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] : ['SOFTWARE_TOKEN_MFA']
  const answerable = eligible.some((factor) => settable.includes(factor))
  return answerable ? { kind: 'setup', factors: eligible } : impossible // 13, 16; 13, 17
}

const messageFactors: readonly Factor[] = ['SMS_MFA', 'EMAIL_OTP']

/** What stands before any second factor: a temporary password must be replaced. */
export function nextAfterPassword(
  user: User,
  facts: MfaFacts,
): MfaDecision | { readonly kind: 'new-password' } {
  return user.status === 'FORCE_CHANGE_PASSWORD' ? { kind: 'new-password' } : decideMfa(facts)
}
