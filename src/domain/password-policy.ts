import { days, type Instant } from '../lib/instant.ts'
import { Fault } from './faults.ts'
import { spell } from './ids.ts'
import type { PasswordPolicy } from './pool.ts'

/** The symbols that count, as the developer guide lists them; a space counts unless it is first or last. */
const symbols = '^$*.[]{}()?"!@#%&/\\,><\':;|_~`=+- '

/**
 * Letters and digits are those of ASCII, as the developer guide says.
 * @throws Fault InvalidPassword with the first rule that fails
 */
export function checkPassword(password: string, policy: PasswordPolicy): void {
  const refuse = (rule: string) => {
    throw new Fault('InvalidPassword', rule)
  }
  if (password.length < policy.MinimumLength) refuse('Password not long enough')
  if (policy.RequireUppercase && !/[A-Z]/.test(password)) refuse('Password must have uppercase characters')
  if (policy.RequireLowercase && !/[a-z]/.test(password)) refuse('Password must have lowercase characters')
  if (policy.RequireNumbers && !/[0-9]/.test(password)) refuse('Password must have numeric characters')
  const inner = [...password.trim()]
  if (policy.RequireSymbols && !inner.some((character) => symbols.includes(character)))
    refuse('Password must have symbol characters')
}

/** A temporary password that any policy of this length accepts: one of each kind, then letters and digits, shuffled. */
export function inventPassword(policy: PasswordPolicy, bytes: (count: number) => Uint8Array): string {
  const upper = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
  const lower = 'abcdefghijkmnpqrstuvwxyz'
  const digits = '23456789'
  const marks = '!@#%&*?'
  const length = Math.max(policy.MinimumLength, 12)
  const letters = [
    spell(upper, 1, bytes),
    spell(lower, 1, bytes),
    spell(digits, 1, bytes),
    spell(marks, 1, bytes),
    ...spell(upper + lower + digits, length - 4, bytes),
  ]
  const keys = bytes(letters.length * 4)
  const view = new DataView(keys.buffer, keys.byteOffset, keys.byteLength)
  return letters
    .map((letter, index) => ({ letter, key: view.getUint32(index * 4) }))
    .sort((a, b) => a.key - b.key)
    .map(({ letter }) => letter)
    .join('')
}

/** Whether a temporary password has outlived the policy. */
export function temporaryPasswordExpired(setAt: Instant, policy: PasswordPolicy, at: Instant): boolean {
  return at >= setAt + days(policy.TemporaryPasswordValidityDays)
}
