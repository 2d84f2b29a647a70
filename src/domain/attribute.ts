import { Fault } from './faults.ts'

export type AttributeType = 'String' | 'Number' | 'Boolean' | 'DateTime'

/** One attribute of a pool's schema. Bounds are text, as AWS stores and returns them. */
export interface SchemaAttribute {
  readonly Name: string
  readonly AttributeDataType: AttributeType
  readonly DeveloperOnlyAttribute: boolean
  readonly Mutable: boolean
  readonly Required: boolean
  readonly NumberAttributeConstraints?: { readonly MinValue?: string; readonly MaxValue?: string }
  readonly StringAttributeConstraints?: { readonly MinLength?: string; readonly MaxLength?: string }
}

/** An attribute as CreateUserPool and AddCustomAttributes name it. */
export interface AttributeRequest {
  readonly Name?: string
  readonly AttributeDataType?: AttributeType
  readonly DeveloperOnlyAttribute?: boolean
  readonly Mutable?: boolean
  readonly Required?: boolean
  readonly NumberAttributeConstraints?: { readonly MinValue?: string; readonly MaxValue?: string }
  readonly StringAttributeConstraints?: { readonly MinLength?: string; readonly MaxLength?: string }
}

/** Values by attribute name, always text on the wire and here. */
export type Attributes = Readonly<Record<string, string>>

const text = (Name: string, MinLength = '0', MaxLength = '2048'): SchemaAttribute => ({
  Name,
  AttributeDataType: 'String',
  DeveloperOnlyAttribute: false,
  Mutable: true,
  Required: false,
  StringAttributeConstraints: { MinLength, MaxLength },
})
const flag = (Name: string): SchemaAttribute => ({
  Name,
  AttributeDataType: 'Boolean',
  DeveloperOnlyAttribute: false,
  Mutable: true,
  Required: false,
})

/** OpenID Connect's standard claims as every pool has them, in the order Describe shows. */
export const standardAttributes: readonly SchemaAttribute[] = [
  { ...text('sub', '1'), Mutable: false, Required: true },
  text('name'),
  text('given_name'),
  text('family_name'),
  text('middle_name'),
  text('nickname'),
  text('preferred_username'),
  text('profile'),
  text('picture'),
  text('website'),
  text('email'),
  flag('email_verified'),
  text('gender'),
  text('birthdate', '10', '10'),
  text('zoneinfo'),
  text('locale'),
  text('phone_number'),
  flag('phone_number_verified'),
  text('address'),
  {
    Name: 'updated_at',
    AttributeDataType: 'Number',
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
    NumberAttributeConstraints: { MinValue: '0' },
  },
  { ...text('identities'), StringAttributeConstraints: {} },
]

const standardNames: ReadonlySet<string> = new Set(standardAttributes.map((attribute) => attribute.Name))
const customLimit = 50

/** The schema of a new pool: the standard attributes, changed as the request says, and the custom ones behind them. */
export function createSchema(requests: readonly AttributeRequest[]): readonly SchemaAttribute[] {
  const standard = new Map(standardAttributes.map((attribute) => [attribute.Name, attribute]))
  const custom: AttributeRequest[] = []
  const named = new Set<string>()
  for (const request of requests) {
    if (named.has(request.Name ?? '')) {
      throw new Fault(
        'InvalidParameter',
        `${request.Name}: Existing attribute already has name ${request.Name}.`,
      )
    }
    named.add(request.Name ?? '')
    const known = standard.get(request.Name ?? '')
    if (known === undefined) custom.push(request)
    else standard.set(known.Name, adjusted(known, request))
  }
  return withCustom([...standard.values()], custom)
}

/** A standard attribute keeps its type and changes only in what a pool may decide about it. */
function adjusted(known: SchemaAttribute, request: AttributeRequest): SchemaAttribute {
  if (request.AttributeDataType !== undefined && request.AttributeDataType !== known.AttributeDataType) {
    throw new Fault(
      'InvalidParameter',
      'You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute ' +
        known.Name,
    )
  }
  if (request.DeveloperOnlyAttribute) {
    throw new Fault(
      'InvalidParameter',
      'You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute ' +
        known.Name,
    )
  }
  if (known.Name === 'sub') return known
  return {
    ...known,
    Mutable: request.Mutable ?? known.Mutable,
    Required: request.Required ?? known.Required,
    ...(request.StringAttributeConstraints && {
      StringAttributeConstraints: request.StringAttributeConstraints,
    }),
    ...(request.NumberAttributeConstraints && {
      NumberAttributeConstraints: request.NumberAttributeConstraints,
    }),
  }
}

/** The schema with further custom attributes. They can be added and never changed or removed. */
export function withCustom(
  schema: readonly SchemaAttribute[],
  requests: readonly AttributeRequest[],
): readonly SchemaAttribute[] {
  const all = [...schema]
  for (const request of requests) {
    const type = request.AttributeDataType
    if (request.Name === undefined || request.Name === '') {
      throw new Fault('InvalidParameter', 'Invalid attribute name, a custom attribute must have a name.')
    }
    if (type === undefined) {
      throw new Fault(
        'InvalidParameter',
        'Invalid AttributeDataType input, consider using the provided AttributeDataType enum.',
      )
    }
    if (request.Required) {
      throw new Fault('InvalidParameter', 'Required custom attributes are not supported currently.')
    }
    const name = `${request.DeveloperOnlyAttribute ? 'dev:' : ''}custom:${request.Name}`
    if (all.some((attribute) => attribute.Name === name)) {
      throw new Fault('InvalidParameter', `${name}: Existing attribute already has name ${name}.`)
    }
    all.push({
      Name: name,
      AttributeDataType: type,
      DeveloperOnlyAttribute: request.DeveloperOnlyAttribute ?? false,
      // The console's default is true, the API's too for custom attributes that say nothing.
      Mutable: request.Mutable ?? true,
      Required: false,
      ...(type === 'String' && { StringAttributeConstraints: request.StringAttributeConstraints ?? {} }),
      ...(type === 'Number' && { NumberAttributeConstraints: request.NumberAttributeConstraints ?? {} }),
    })
    checkBounds(name, request)
  }
  if (all.length - standardAttributes.length > customLimit) {
    throw new Fault('InvalidParameter', `A user pool can have at most ${customLimit} custom attributes.`)
  }
  return all
}

function checkBounds(name: string, request: AttributeRequest): void {
  const { MinLength, MaxLength } = request.StringAttributeConstraints ?? {}
  const { MinValue, MaxValue } = request.NumberAttributeConstraints ?? {}
  for (const bound of [MinLength, MaxLength, MinValue, MaxValue]) {
    if (bound !== undefined && !/^-?[0-9]{1,19}$/.test(bound)) {
      throw new Fault('InvalidParameter', `${name}: Attribute constraints must be whole numbers.`)
    }
  }
  if (
    Number(MinLength ?? 0) > Number(MaxLength ?? 2048) ||
    Number(MinValue ?? '-Infinity') > Number(MaxValue ?? 'Infinity')
  ) {
    throw new Fault('InvalidParameter', `${name}: The minimum constraint is greater than the maximum.`)
  }
}

export const isCustom = (name: string): boolean => !standardNames.has(name)

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
const ownAttributes: ReadonlySet<string> = new Set(['sub', 'identities'])

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
