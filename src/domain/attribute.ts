import { Fault } from './faults.ts'
import type { SchemaAttribute } from './schema.ts'

/** Values by attribute name, always text on the wire and here. */
export type Attributes = Readonly<Record<string, string>>

/** Names and values as a request lists them; the last of a name wins. */
export function attributesOf(
  list: readonly { readonly Name: string; readonly Value?: string }[],
): Attributes {
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value ?? '']))
}

export function attributeList(attributes: Attributes): { Name: string; Value: string }[] {
  return Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
}

/** Attributes the service keeps itself: nobody writes them. */
export const ownAttributes: ReadonlySet<string> = new Set(['sub', 'identities'])

/**
 * Checks values against the schema.
 * @throws Fault InvalidParameter with every attribute that does not conform, one a line.
 */
export function checkAttributes(
  schema: readonly SchemaAttribute[],
  values: Attributes,
  when: 'creating' | 'updating',
): void {
  const byName = new Map(schema.map((attribute) => [attribute.Name, attribute]))
  const wrong: string[] = []
  for (const [name, value] of Object.entries(values)) {
    const attribute = byName.get(name)
    if (attribute === undefined) {
      throw new Fault(
        'InvalidParameter',
        `Attributes did not conform to the schema: Type for attribute {${name}} could not be determined`,
      )
    }
    // An empty value takes the attribute away: there is nothing to fit.
    if (value === '' && when === 'updating' && attribute.Mutable && !ownAttributes.has(name)) continue
    if (ownAttributes.has(name) || (when === 'updating' && !attribute.Mutable)) {
      throw new Fault('InvalidParameter', `user.${name}: Attribute cannot be updated.`)
    }
    const fault = value.includes('\0')
      ? 'Attribute value has a character that cannot be stored'
      : misfit(attribute, value)
    if (fault !== undefined) wrong.push(`${name}: ${fault}`)
  }
  if (wrong.length > 0) {
    throw new Fault('InvalidParameter', `Attributes did not conform to the schema: ${wrong.join('\n')}`)
  }
  // Linear on hostile input: one class before the at sign that cannot hold it, one after.
  if (values.email !== undefined && values.email !== '' && !/^[^@\s]+@[^@\s]+$/u.test(values.email)) {
    throw new Fault('InvalidParameter', 'Invalid email address format.')
  }
  if (
    values.phone_number !== undefined &&
    values.phone_number !== '' &&
    !/^\+[0-9]{1,15}$/.test(values.phone_number)
  ) {
    throw new Fault('InvalidParameter', 'Invalid phone number format.')
  }
}

/** @throws Fault InvalidParameter naming every required attribute that has no value. */
export function checkRequired(schema: readonly SchemaAttribute[], values: Attributes): void {
  const missing = schema.filter(
    ({ Name, Required }) => Required && Name !== 'sub' && (values[Name] ?? '') === '',
  )
  if (missing.length === 0) return
  const lines = missing.map(({ Name }) => `${Name}: The attribute is required`)
  throw new Fault('InvalidParameter', `Attributes did not conform to the schema: ${lines.join('\n')}`)
}

function misfit(attribute: SchemaAttribute, value: string): string | undefined {
  switch (attribute.AttributeDataType) {
    case 'String': {
      const { MinLength, MaxLength } = attribute.StringAttributeConstraints ?? {}
      if (MinLength !== undefined && value.length < Number(MinLength)) {
        return `String must be longer than or equal to ${MinLength} characters`
      }
      if (MaxLength !== undefined && value.length > Number(MaxLength)) {
        return `String must be no longer than ${MaxLength} characters`
      }
      return
    }
    case 'Number': {
      if (!/^-?[0-9]{1,19}(\.[0-9]{1,19})?$/.test(value)) return 'Attribute value is not a number'
      const { MinValue, MaxValue } = attribute.NumberAttributeConstraints ?? {}
      if (MinValue !== undefined && Number(value) < Number(MinValue))
        return `Number must be greater than or equal to ${MinValue}`
      if (MaxValue !== undefined && Number(value) > Number(MaxValue))
        return `Number must be less than or equal to ${MaxValue}`
      return
    }
    case 'Boolean':
      return /^(true|false)$/i.test(value) ? undefined : 'Attribute value is not a boolean'
    case 'DateTime':
      return Number.isNaN(Date.parse(value)) && !/^[0-9]{1,15}$/.test(value)
        ? 'Attribute value is not a date'
        : undefined
  }
}
