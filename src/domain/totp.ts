import { Secret as Key, TOTP } from 'otpauth'
import type { Instant } from '../lib/instant.ts'
import type { Secret } from '../lib/secret.ts'

/** HMAC-SHA-1, six digits, thirty seconds. Source: developer guide, "TOTP software token MFA". */
const period = 30

function totp(secret: Secret): TOTP {
  return new TOTP({ algorithm: 'SHA1', digits: 6, period, secret: Key.fromBase32(secret.reveal()) })
}

/** The time step whose code this is: the present one, the one before or the one after. */
export function matchingStep(secret: Secret, code: string, at: Instant): number | undefined {
  if (!/^[0-9]{6}$/.test(code)) return undefined
  const delta = totp(secret).validate({ token: code, timestamp: at, window: 1 })
  return delta === null ? undefined : Math.floor(at / 1000 / period) + delta
}
