import { boolean, struct } from '../../protocol/shape.ts'

const factor = struct({ Enabled: boolean, PreferredMfa: boolean })

/** The factors that (Admin)SetUserMFAPreference switches. */
export const preferences = {
  SMSMfaSettings: factor,
  SoftwareTokenMfaSettings: factor,
  EmailMfaSettings: factor,
  WebAuthnMfaSettings: struct({ Enabled: boolean }),
} as const
