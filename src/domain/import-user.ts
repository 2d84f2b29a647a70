import { nameNewUser } from './alias.ts'
import { type Attributes, checkAttributes, checkRequired } from './attribute.ts'
import { Fault } from './faults.ts'
import { firstFactors } from './first-factors.ts'
import type { Username } from './ids.ts'
import { type Cells, hashColumn, mfaColumn, usernameColumn } from './import-file.ts'
import { type HashAlgorithm, type PasswordHash, readPasswordHash } from './password-hash.ts'
import type { Pool } from './pool.ts'
import { isVerified, type MfaPreferences, noMfa, type User } from './user.ts'

/** Whom a row tells of, but for what sealing and the clock add. */
export interface ImportedUser {
  readonly username: Username
  readonly sub: string
  readonly attributes: Attributes
  readonly mfa: MfaPreferences
  readonly status: 'CONFIRMED' | 'RESET_REQUIRED'
  readonly hash?: { readonly text: string; readonly read: PasswordHash }
}

/**
 * The user of a row. A text of a refusal goes into the log, where "no user data is written" (developer guide): it names
 * columns and no values. Texts are ours where nothing else is said.
 * @throws Fault InvalidParameter
 */
export function importedUser(
  pool: Pool,
  cells: Cells,
  hashing: HashAlgorithm | undefined,
  sub: string,
): ImportedUser {
  const { username, attributes } = nameNewUser(pool, usernameIn(cells), attributesIn(cells), sub)
  checkAttributes(pool.schema, attributes, 'creating')
  checkDates(attributes)
  checkRequired(pool.schema, attributes)
  checkVerified(pool, attributes)
  const hash = hashIn(cells, hashing)
  const user = { username, sub, attributes, mfa: mfaIn(pool, cells, attributes) }
  if (hash !== undefined) return { ...user, status: 'CONFIRMED', hash }
  // "Imports that user without a password and sets the user to the RESET_REQUIRED state", whatever else they could use.
  const passwordless = hashing === undefined && canSignInWithout(pool, user)
  return { ...user, status: passwordless ? 'CONFIRMED' : 'RESET_REQUIRED' }
}

/** As the API has usernames, but for white space: "it cannot contain spaces or tabs". */
function usernameIn(cells: Cells): string {
  const name = cells.get(usernameColumn) ?? ''
  if (name === '') refuse(`${usernameColumn} is required.`)
  if (!/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u.test(name))
    refuse(`${usernameColumn} is not a valid username.`)
  return name
}

const besides: ReadonlySet<string> = new Set([usernameColumn, mfaColumn, hashColumn])
const flags: ReadonlySet<string> = new Set(['email_verified', 'phone_number_verified'])

function attributesIn(cells: Cells): Attributes {
  const named = [...cells].filter(([name, value]) => value !== '' && !besides.has(name))
  return Object.fromEntries(
    named.map(([name, value]) => [name, flags.has(name) ? value.toLowerCase() : value]),
  )
}

function checkDates({ birthdate, updated_at }: Attributes): void {
  if (birthdate !== undefined && !isDate(birthdate)) refuse('birthdate must be in the format mm/dd/yyyy.')
  if (updated_at !== undefined && !/^[0-9]{1,12}$/.test(updated_at))
    refuse('updated_at must be a number of seconds since 1970.')
}

function isDate(text: string): boolean {
  const [, month, day, year] = /^([0-9]{2})\/([0-9]{2})\/([0-9]{4})$/.exec(text) ?? []
  if (month === undefined || day === undefined || year === undefined) return false
  const iso = `${year}-${month}-${day}`
  const at = Date.parse(iso)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(iso)
}

function checkVerified(pool: Pool, attributes: Attributes): void {
  for (const name of ['email', 'phone_number'] as const) {
    if (isVerified(attributes, name) && attributes[name] === undefined)
      refuse(`${name} is required when ${name}_verified is true.`)
  }
  // In the words of cognito-user-profiles-export-reference-architecture#58.
  if (!(pool.settings.AutoVerifiedAttributes ?? []).some((name) => isVerified(attributes, name))) {
    refuse(
      'The User Record does not set any of the auto verified attributes to verified. (Example: email_verified to true).',
    )
  }
}

/**
 * `cognito:mfa_enabled` "must correspond to the MFA requirements of your user pool"; a blank is "the state required".
 * Where the user may choose, true is what (Admin)SetUserSettings would have set. The texts are ours.
 */
function mfaIn(pool: Pool, cells: Cells, attributes: Attributes): MfaPreferences {
  const given = (cells.get(mfaColumn) ?? '').toLowerCase()
  if (!['', 'true', 'false'].includes(given)) refuse(`${mfaColumn} must be true, false or blank.`)
  const { MfaConfiguration } = pool.settings
  if (MfaConfiguration === 'ON' && given === 'false')
    refuse(`${mfaColumn} must be true or blank: the user pool requires MFA.`)
  if (MfaConfiguration === 'OFF' && given === 'true')
    refuse(`${mfaColumn} must be false or blank: the user pool has no MFA.`)
  return { ...noMfa, legacySms: given === 'true' && pool.mfa.sms && attributes.phone_number !== undefined }
}

function hashIn(cells: Cells, hashing: HashAlgorithm | undefined): ImportedUser['hash'] | undefined {
  const text = cells.get(hashColumn) ?? ''
  if (text === '') return undefined
  // Whoever fills the column means it: to import them without their passwords would not be what was asked for.
  if (hashing === undefined)
    refuse(`${hashColumn} has a value, and the job names no password hashing algorithm.`)
  return { text, read: readPasswordHash(hashing, text) }
}

/** Whether the pool lets them in by a code: then "Amazon Cognito sets their state to CONFIRMED". */
function canSignInWithout(pool: Pool, user: Pick<User, 'username' | 'sub' | 'attributes' | 'mfa'>): boolean {
  const imported: User = {
    ...user,
    poolId: pool.id,
    status: 'CONFIRMED',
    enabled: true,
    createdAt: 0,
    modifiedAt: 0,
    version: 1,
  }
  return firstFactors({ pool, user: imported, passkeys: 0 }).length > 0
}

/** Whether users of this pool can be imported at all. */
export const canImport = (pool: Pool): boolean => (pool.settings.AutoVerifiedAttributes ?? []).length > 0

function refuse(text: string): never {
  throw new Fault('InvalidParameter', text)
}
