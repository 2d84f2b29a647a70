import type { Challenge } from './challenge.ts'
import type { Pool } from './pool.ts'
import type { User } from './user.ts'

/** What choice-based sign-in looks at. */
export interface FirstFactorFacts {
  readonly pool: Pool
  readonly user: User
  readonly passkeys: number
  /** A verified software token is on file. */
  readonly softwareToken: boolean
}

const has = (user: User, attribute: string): boolean => (user.attributes[attribute] ?? '') !== ''

/**
 * With which first factors a user can sign in, in the order in which they are offered. Where a second factor is
 * demanded only a password can come first, or a passkey that counts as both.
 * Source: developer guide, "Authentication flows" and the table of MFA and passwordless sign-in.
 */
export function firstFactors({ pool, user, passkeys, softwareToken }: FirstFactorFacts): Challenge[] {
  const allowed = pool.settings.Policies.SignInPolicy.AllowedFirstAuthFactors
  const passwords: Challenge[] = user.password === undefined ? [] : ['PASSWORD_SRP', 'PASSWORD']
  if (user.status === 'FORCE_CHANGE_PASSWORD') return passwords
  const hasMfa = user.mfa.enabled.length > 0 || user.mfa.legacySms || softwareToken
  const { MfaConfiguration } = pool.settings
  const secondNeeded = MfaConfiguration === 'ON' || (MfaConfiguration === 'OPTIONAL' && hasMfa)
  const passkey = allowed.includes('WEB_AUTHN') && passkeys > 0
  const passkeyIsBoth = pool.mfa.webAuthn?.FactorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION'
  const offered: Challenge[] = []
  if (passkey && (!secondNeeded || passkeyIsBoth)) offered.push('WEB_AUTHN')
  if (!secondNeeded && allowed.includes('EMAIL_OTP') && has(user, 'email')) offered.push('EMAIL_OTP')
  if (!secondNeeded && allowed.includes('SMS_OTP') && has(user, 'phone_number')) offered.push('SMS_OTP')
  return [...passwords, ...offered]
}
