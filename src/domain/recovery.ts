import { type Address, phoneFirst } from './code.ts'
import { Fault } from './faults.ts'
import type { Pool, PoolSettings, VerifiedAttribute } from './pool.ts'
import { addressOf, isVerified, type User } from './user.ts'

/**
 * Through which addresses a pool recovers accounts, the first choice in front. Where it does not say, through the phone
 * and then the email.
 * @throws Fault RecoveryByAdministrator
 */
export function recoveryAttributes(settings: PoolSettings): VerifiedAttribute[] {
  const mechanisms = settings.AccountRecoverySetting?.RecoveryMechanisms ?? []
  if (mechanisms.length === 0) return [...phoneFirst]
  return mechanisms
    .toSorted((a, b) => a.Priority - b.Priority)
    .map(({ Name }) => {
      if (Name === 'admin_only') throw new Fault('RecoveryByAdministrator')
      return Name === 'verified_email' ? 'email' : 'phone_number'
    })
}

/** Where a user's reset code goes: to the first address that is verified and does not receive the second factor too. */
export function recoveryAddress(pool: Pool, user: User): Address | undefined {
  const second = secondFactorAddress(pool, user)
  const attribute = recoveryAttributes(pool.settings).find(
    (name) => name !== second && isVerified(user.attributes, name) && (user.attributes[name] ?? '') !== '',
  )
  return attribute && { attribute, value: user.attributes[attribute] ?? '' }
}

/** Who reads a user's mail could otherwise reset the password and answer the second factor with it. */
function secondFactorAddress({ settings }: Pool, { mfa }: User): string | undefined {
  if (settings.MfaConfiguration === 'OFF') return undefined
  const preferred = mfa.preferred ?? (mfa.legacySms ? 'SMS_MFA' : undefined)
  return preferred && addressOf[preferred]
}

/**
 * A user who never had a password of their own, or whose password is elsewhere, has none to reset.
 * @throws Fault CannotReset
 */
export function mustBeResettable({ status }: User): void {
  if (status === 'FORCE_CHANGE_PASSWORD' || status === 'EXTERNAL_PROVIDER') throw new Fault('CannotReset')
}
