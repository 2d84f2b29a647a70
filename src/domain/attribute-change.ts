import { type Attributes, checkAttributes } from './attribute.ts'
import { Fault } from './faults.ts'
import type { Pool } from './pool.ts'
import { addressOf, allFactors, isVerified, type User } from './user.ts'

const addresses = ['email', 'phone_number'] as const

/** The attributes that a request gives a value: an empty value is none. */
export function stated(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''))
}

/**
 * The user with attributes changed by an administrator. An empty value removes an attribute. An address that changes
 * is no longer verified, unless the same request says that it is.
 * @throws Fault InvalidParameter, NotBuilt
 */
export function withAttributes(pool: Pool, user: User, values: Attributes): User {
  checkAttributes(pool.schema, values, 'updating')
  const aliases = pool.identity.aliasAttributes ?? []
  if (values.preferred_username && user.status === 'UNCONFIRMED' && aliases.includes('preferred_username')) {
    throw new Fault(
      'InvalidParameter',
      'preferred_username can be provided only after the user is confirmed, since it is an alias.',
    )
  }
  const unverified: Record<string, string> = {}
  for (const name of addresses) {
    if (!values[name] || values[name] === user.attributes[name] || isVerified(values, name)) continue
    if (pool.settings.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate?.includes(name)) {
      throw new Fault('NotBuilt', 'a change of an attribute that must be verified first')
    }
    unverified[`${name}_verified`] = 'false'
  }
  const attributes = { ...user.attributes, ...unverified, ...values }
  const removed = Object.keys(values).filter((name) => values[name] === '')
  return withoutAttributes(pool, { ...user, attributes }, removed)
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
  if (schema.Required) {
    throw refusal(`Attributes did not conform to the schema: ${name}: The attribute is required`)
  }
  if (!schema.Mutable) throw refusal(`user.${name}: Attribute cannot be updated.`)
  // Live since August 2023 for the phone number (amplify-js#8829): a second factor shall not fall away unnoticed.
  const factor = allFactors.find((factor) => addressOf[factor] === name)
  const { legacySms, enabled } = user.mfa
  if (factor !== undefined && (enabled.includes(factor) || (factor === 'SMS_MFA' && legacySms))) {
    throw refusal(`Cannot delete ${name} while ${factor} is enabled for the user.`)
  }
}
