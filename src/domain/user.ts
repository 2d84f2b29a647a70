import type { Instant } from '../lib/instant.ts'
import type { Attributes } from './attribute.ts'
import { Fault } from './faults.ts'
import type { Username, UserPoolId } from './ids.ts'
import type { HashAlgorithm } from './password-hash.ts'

export type UserStatus =
  | 'UNCONFIRMED'
  | 'CONFIRMED'
  | 'ARCHIVED'
  | 'COMPROMISED'
  | 'UNKNOWN'
  | 'RESET_REQUIRED'
  | 'FORCE_CHANGE_PASSWORD'
  | 'EXTERNAL_PROVIDER'

/** A factor that a user can enable and prefer. */
export type Factor = 'SMS_MFA' | 'SOFTWARE_TOKEN_MFA' | 'EMAIL_OTP'

/** The attribute that a factor's codes go to; a software token sends none. */
export const addressOf = {
  SMS_MFA: 'phone_number',
  SOFTWARE_TOKEN_MFA: undefined,
  EMAIL_OTP: 'email',
} as const satisfies Record<Factor, string | undefined>

/** Every factor, in the order of every list that clients see. */
export const allFactors = Object.keys(addressOf) as readonly Factor[]

/** Whether a user has what a factor needs: its address, verified or not, or a registered token. */
export function canUse(factor: Factor, attributes: Attributes, softwareToken: boolean): boolean {
  const address = addressOf[factor]
  return address === undefined ? softwareToken : (attributes[address] ?? '') !== ''
}

export interface User {
  readonly poolId: UserPoolId
  readonly username: Username
  readonly sub: string
  readonly status: UserStatus
  readonly enabled: boolean
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly version: number
  /** Without `sub`, which `shownAttributes` adds. */
  readonly attributes: Attributes
  readonly password?: StoredPassword
  readonly mfa: MfaPreferences
  /** Every token issued before is revoked: GlobalSignOut and AdminDisableUser move it. */
  readonly signedOutAt?: Instant
}

/** What is kept of a password: a verifier, or until its first use the hash that an import brought along. */
export type StoredPassword = SrpPassword | ImportedPassword

/** The SRP-6a verifier of a password, sealed. Password sign-in computes it again and compares. */
export interface SrpPassword {
  /** 16 bytes, hexadecimal. */
  readonly salt: string
  readonly sealedVerifier: string
  readonly setAt: Instant
}

/** A hash that another system made. SRP needs more than it tells. */
export interface ImportedPassword {
  readonly algorithm: HashAlgorithm
  readonly sealedHash: string
  readonly setAt: Instant
}

export const isImported = (stored: StoredPassword): stored is ImportedPassword => 'sealedHash' in stored

/** The verifier that SRP can be done with, where there is one. */
export function srpPasswordOf(user: User | undefined): SrpPassword | undefined {
  const stored = user?.password
  return stored === undefined || isImported(stored) ? undefined : stored
}

/**
 * What (Admin)SetUserSettings and (Admin)SetUserMFAPreference leave behind. The two lists are kept apart, because
 * AdminSetUserSettings neither reads nor clears a preference: an observed sequence of the two shows both.
 */
export interface MfaPreferences {
  /** `MFAOptions` was set to SMS by (Admin)SetUserSettings. */
  readonly legacySms: boolean
  readonly enabled: readonly Factor[]
  readonly preferred?: Factor
  readonly webAuthn?: boolean
}

export const noMfa: MfaPreferences = { legacySms: false, enabled: [] }

/** What clients see of the MFA state. Members that would be empty are absent. */
export interface ShownMfa {
  readonly MFAOptions?: { DeliveryMedium: 'SMS'; AttributeName: string }[]
  readonly PreferredMfaSetting?: string
  readonly UserMFASettingList?: string[]
}

export function shownMfa(mfa: MfaPreferences): ShownMfa {
  // Read from GetUser of the live service in October 2026; AWS's comment names the three factors only.
  const list = [...mfa.enabled, ...(mfa.webAuthn ? ['WEB_AUTHN_MFA'] : [])]
  return {
    ...(mfa.legacySms || mfa.enabled.includes('SMS_MFA')
      ? { MFAOptions: [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }] }
      : {}),
    ...(mfa.preferred === undefined ? {} : { PreferredMfaSetting: mfa.preferred }),
    ...(list.length === 0 ? {} : { UserMFASettingList: list }),
  }
}

/** Attributes as responses list them: `sub` last but always there. */
export function shownAttributes(user: User): { Name: string; Value: string }[] {
  const attributes = Object.entries(user.attributes).map(([Name, Value]) => ({ Name, Value }))
  return [...attributes, { Name: 'sub', Value: user.sub }]
}

export const isVerified = (attributes: Attributes, name: 'email' | 'phone_number'): boolean =>
  attributes[`${name}_verified`]?.toLowerCase() === 'true'

/** What self-service asks of an account. @throws Fault UserNotConfirmed, PasswordResetRequired */
export function mustBeConfirmed(user: User): void {
  if (user.status === 'UNCONFIRMED') throw new Fault('UserNotConfirmed')
  mustNotNeedReset(user)
}

/** @throws Fault PasswordResetRequired */
export function mustNotNeedReset(user: User): void {
  if (user.status === 'RESET_REQUIRED') throw new Fault('PasswordResetRequired')
}
