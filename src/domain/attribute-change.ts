import { hasUsernameAttributes } from './alias.ts'
import { type Attributes, checkAttributes } from './attribute.ts'
import { Fault } from './faults.ts'
import type { Pool } from './pool.ts'
import type { User } from './user.ts'

const verifiable = ['email', 'phone_number'] as const

/**
 * The user with attributes changed by an administrator. An empty value removes an attribute. An address that changes
 * is no longer verified, unless the same request says that it is.
 * @throws Fault InvalidParameter, NotBuilt
 */
export function withAttributes(pool: Pool, user: User, values: Attributes): User {
  checkAttributes(pool.schema, values, 'updating')
  const removed = Object.keys(values).filter((name) => values[name] === '')
  const attributes: Record<string, string> = { ...user.attributes, ...values }
  for (const name of verifiable) {
    const value = values[name]
    if (value === undefined || value === user.attributes[name] || `${name}_verified` in values) continue
    if (pool.settings.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate?.includes(name)) {
      throw new Fault('NotBuilt', 'a change of an attribute that must be verified first')
    }
    attributes[`${name}_verified`] = 'false'
  }
  return withoutAttributes(pool, { ...user, attributes }, removed)
}

/**
 * The user without some attributes. An address takes its verified flag with it.
 * @throws Fault InvalidParameter for an attribute that the pool or the user's second factor cannot do without
 */
export function withoutAttributes(pool: Pool, user: User, names: readonly string[]): User {
  const attributes: Record<string, string> = { ...user.attributes }
  for (const name of names) {
    const schema = pool.schema.find((attribute) => attribute.Name === name)
    if (schema === undefined)
      throw new Fault('InvalidParameter', `user.${name}: Attribute does not exist in the schema.`)
    if (schema.Required) {
      throw new Fault(
        'InvalidParameter',
        `Attributes did not conform to the schema: ${name}: The attribute is required`,
      )
    }
    if (!schema.Mutable) throw new Fault('InvalidParameter', `user.${name}: Attribute cannot be updated.`)
    delete attributes[name]
    delete attributes[`${name}_verified`]
  }
  if (names.includes('phone_number') && (user.mfa.legacySms || user.mfa.enabled.includes('SMS_MFA'))) {
    throw new Fault('InvalidParameter', 'Cannot delete phone_number while SMS MFA is enabled for the user.')
  }
  const kinds = pool.identity.usernameAttributes ?? []
  if (hasUsernameAttributes(pool.identity) && kinds.every((kind) => (attributes[kind] ?? '') === '')) {
    throw new Fault(
      'InvalidParameter',
      `Cannot delete the attribute that is the username: ${kinds.join(', ')}.`,
    )
  }
  return { ...user, attributes }
}
