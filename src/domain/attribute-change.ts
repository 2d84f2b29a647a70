import { type Attributes, checkAttributes, ownAttributes } from './attribute.ts'
import { type Client, canWrite } from './client.ts'
import { type Address, autoVerified } from './code.ts'
import { Fault } from './faults.ts'
import type { Pool, VerifiedAttribute } from './pool.ts'
import { addressOf, allFactors, isVerified, type User } from './user.ts'

const addresses = ['email', 'phone_number'] as const

/** The attributes that a request gives a value: an empty value is none. */
export function stated(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''))
}

/**
 * What the schema does not know is refused with the values, for what it is.
 * @throws Fault UnauthorizedAttribute
 */
export function mustBeWritable(pool: Pool, client: Client, names: readonly string[]): void {
  const known = new Set(pool.schema.map(({ Name }) => Name))
  if (names.some((name) => known.has(name) && !canWrite(client.settings, name)))
    throw new Fault('UnauthorizedAttribute')
}

/** Source of the text: amplify-js#1669. @throws Fault InvalidParameter */
export function mustNotPreferUsername(pool: Pool, attributes: Attributes): void {
  if (!attributes.preferred_username || !pool.identity.aliasAttributes?.includes('preferred_username')) return
  throw new Fault(
    'InvalidParameter',
    'Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.',
  )
}

/** What a request for other attribute values comes to. */
export interface AttributeChange {
  /** The user as from now on. An address that must be verified before it changes is the old one still. */
  readonly user: User
  /** Addresses that are to be verified: each gets a code. */
  readonly toVerify: readonly Address[]
  /** Addresses that no code is about any more. */
  readonly settled: readonly VerifiedAttribute[]
}

/**
 * An empty value removes an attribute. An address that changes is no longer verified, unless the same request says that it
 * is; or it does not change before it is verified, if the pool demands that.
 * @throws Fault InvalidParameter
 */
export function changeAttributes(pool: Pool, user: User, values: Attributes): AttributeChange {
  checkAttributes(pool.schema, values, 'updating')
  if (user.status === 'UNCONFIRMED') mustNotPreferUsername(pool, values)
  const attributes: Record<string, string> = { ...user.attributes, ...values }
  const toVerify: Address[] = []
  for (const attribute of addresses) {
    const value = values[attribute]
    const flag = `${attribute}_verified`
    if (!value || value === user.attributes[attribute] || isVerified(values, attribute)) continue
    const pending = mustVerifyFirst(pool, attribute)
    if (pending || autoVerified(pool).includes(attribute)) toVerify.push({ attribute, value })
    keep(attributes, attribute, pending ? user.attributes[attribute] : value)
    keep(attributes, flag, pending ? user.attributes[flag] : 'false')
  }
  const removed = Object.keys(values).filter((name) => values[name] === '')
  const settled = addresses.filter(
    (name) => values[name] !== undefined && !toVerify.some(({ attribute }) => attribute === name),
  )
  return { user: withoutAttributes(pool, { ...user, attributes }, removed), toVerify, settled }
}

function keep(attributes: Record<string, string>, name: string, value: string | undefined): void {
  if (value === undefined) delete attributes[name]
  else attributes[name] = value
}

/** Whether an address keeps its old value, and the alias it is, until the new one is verified. */
export function mustVerifyFirst({ settings }: Pool, attribute: VerifiedAttribute): boolean {
  const first = settings.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate
  return first?.includes(attribute) ?? false
}

/** @throws Fault NotVerifiable */
export function verifiable(name: string): VerifiedAttribute {
  const attribute = addresses.find((address) => address === name)
  if (attribute === undefined) throw new Fault('NotVerifiable')
  return attribute
}

/**
 * The user without some attributes. An address takes its verified flag with it.
 * @throws Fault InvalidParameter for an attribute that the pool or a second factor of the user cannot do without
 */
export function withoutAttributes(pool: Pool, user: User, names: readonly string[]): User {
  const attributes: Record<string, string> = { ...user.attributes }
  for (const name of names) {
    mustBeRemovable(pool, user, name)
    delete attributes[name]
    if (addresses.some((address) => address === name)) delete attributes[`${name}_verified`]
  }
  const kinds = pool.identity.usernameAttributes ?? []
  if (kinds.length > 0 && kinds.every((kind) => (attributes[kind] ?? '') === '')) {
    throw new Fault(
      'InvalidParameter',
      `Cannot delete the attribute that is the username: ${kinds.join(', ')}.`,
    )
  }
  return { ...user, attributes }
}

function mustBeRemovable(pool: Pool, user: User, name: string): void {
  const refusal = (reason: string) => new Fault('InvalidParameter', reason)
  const schema = pool.schema.find((attribute) => attribute.Name === name)
  if (schema === undefined) throw refusal(`user.${name}: Attribute does not exist in the schema.`)
  // Source of the text: aws-sdk-ios#4251.
  if (schema.Required) throw refusal(`user.${name}: Required attribute cannot be deleted.`)
  if (!schema.Mutable || ownAttributes.has(name)) throw refusal(`user.${name}: Attribute cannot be updated.`)
  // Live since August 2023 for the phone number (amplify-js#8829): a second factor shall not fall away unnoticed.
  const factor = allFactors.find((factor) => addressOf[factor] === name)
  const { legacySms, enabled } = user.mfa
  if (factor !== undefined && (enabled.includes(factor) || (factor === 'SMS_MFA' && legacySms))) {
    throw refusal(`Cannot delete ${name} while ${factor} is enabled for the user.`)
  }
}
