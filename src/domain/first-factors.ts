import type { Challenge } from './challenge.ts'
import { passkeysCountAsMfa } from './passkey.ts'
import type { FirstFactor, Pool } from './pool.ts'
import type { User } from './user.ts'

/** What choice-based sign-in looks at. */
export interface FirstFactorFacts {
  readonly pool: Pool
  readonly user: User
  /** How many passkeys of the pool's relying party the user has. */
  readonly passkeys: number
}

const has = (user: User, attribute: string): boolean => (user.attributes[attribute] ?? '') !== ''

const allowed = (pool: Pool, factor: FirstFactor): boolean =>
  pool.settings.Policies.SignInPolicy.AllowedFirstAuthFactors.includes(factor)

/** Whether a second factor follows, which only a password can come before. */
function needsSecondFactor(pool: Pool, { mfa }: User): boolean {
  const { MfaConfiguration } = pool.settings
  return (
    MfaConfiguration === 'ON' ||
    (MfaConfiguration === 'OPTIONAL' && (mfa.legacySms || mfa.enabled.length > 0))
  )
}

/** Whether nothing but a password will do, or a passkey that counts as two factors. */
export const needsPassword = (pool: Pool, user: User): boolean =>
  user.status === 'FORCE_CHANGE_PASSWORD' || needsSecondFactor(pool, user)

/**
 * With which first factors a user can sign in, in the order of the examples in AWS's API reference. Where a second
 * factor is demanded only a password can come first, or a passkey that counts as both: the pool and the user must both
 * have it so. Source: developer guide, "Authentication flows" and the table of MFA and passwordless sign-in.
 */
export function firstFactors({ pool, user, passkeys }: FirstFactorFacts): Challenge[] {
  const passwords: Challenge[] = user.password === undefined ? [] : ['PASSWORD_SRP', 'PASSWORD']
  if (user.status === 'FORCE_CHANGE_PASSWORD') return passwords
  const enough = !needsSecondFactor(pool, user)
  const passkeyIsEnough = enough || (passkeysCountAsMfa(pool) && user.mfa.webAuthn === true)
  const offered: readonly [Challenge & FirstFactor, boolean][] = [
    ['EMAIL_OTP', enough && has(user, 'email')],
    ['SMS_OTP', enough && has(user, 'phone_number')],
    ['WEB_AUTHN', passkeyIsEnough && passkeys > 0],
  ]
  return [
    ...passwords,
    ...offered.filter(([factor, usable]) => usable && allowed(pool, factor)).map(([factor]) => factor),
  ]
}

/** Whom nobody is, is offered what anybody in this pool might be. */
export const pretendedFactors = (pool: Pool): Challenge[] => [
  'PASSWORD_SRP',
  'PASSWORD',
  ...(['EMAIL_OTP', 'SMS_OTP'] as const).filter((factor) => allowed(pool, factor)),
]

/** What a user has for signing in, as a first factor or as a second: `ConfiguredUserAuthFactors`. */
export function configuredFactors(
  { pool, user, passkeys }: FirstFactorFacts,
  softwareToken: boolean,
): FirstFactor[] {
  const configured: Record<FirstFactor, boolean> = {
    PASSWORD: user.password !== undefined,
    EMAIL_OTP: has(user, 'email') && (allowed(pool, 'EMAIL_OTP') || pool.mfa.email !== undefined),
    SMS_OTP: has(user, 'phone_number') && (allowed(pool, 'SMS_OTP') || pool.mfa.sms),
    WEB_AUTHN: passkeys > 0 && allowed(pool, 'WEB_AUTHN'),
    SOFTWARE_TOKEN: softwareToken,
  }
  return (Object.keys(configured) as FirstFactor[]).filter((factor) => configured[factor])
}
