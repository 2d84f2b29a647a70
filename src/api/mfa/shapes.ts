import { pattern } from '../../protocol/pattern.ts'
import { boolean, string, struct } from '../../protocol/shape.ts'

const factor = struct({ Enabled: boolean, PreferredMfa: boolean })

/** The factors that (Admin)SetUserMFAPreference switches. */
export const preferences = {
  SMSMfaSettings: factor,
  SoftwareTokenMfaSettings: factor,
  EmailMfaSettings: factor,
  WebAuthnMfaSettings: struct({ Enabled: boolean }),
} as const

export const SecretCode = string({ min: 16, pattern: pattern('[A-Za-z0-9]+'), sensitive: true })
export const UserCode = string({ min: 6, max: 6, pattern: pattern('[0-9]+'), sensitive: true })
