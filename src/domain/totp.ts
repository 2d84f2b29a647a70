import { createHmac } from 'node:crypto'
import type { Instant } from '../lib/instant.ts'
import { Secret } from '../lib/secret.ts'

/** HMAC-SHA-1, six digits, thirty seconds. Source: developer guide, "TOTP software token MFA". */
const period = 30

/** 52 letters in base32, as the secrets of the live service are. */
export const totpKeyBytes = 32

/** RFC 6238 over RFC 4226. */
export function totp(key: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', key).update(counter).digest()
  const offset = mac.readUInt8(mac.length - 1) & 0x0f
  const number = mac.readUInt32BE(offset) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

/** The time step whose code this is: the present one, the one before or the one after. */
export function matchingStep(key: Uint8Array, code: string, at: Instant): number | undefined {
  const present = Math.floor(at / 1000 / period)
  return [present, present - 1, present + 1].find((step) => new Secret(totp(key, step)).matches(code))
}
