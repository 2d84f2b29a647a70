import { defined } from '../lib/defined.ts'
import { Fault } from './faults.ts'
import { quotas } from './quotas.ts'

export type AttributeType = 'String' | 'Number' | 'Boolean' | 'DateTime'

/** Bounds are text, as AWS stores and returns them. */
interface Constraints {
  readonly NumberAttributeConstraints?: { readonly MinValue?: string; readonly MaxValue?: string }
  readonly StringAttributeConstraints?: { readonly MinLength?: string; readonly MaxLength?: string }
}

/** One attribute of a pool's schema. */
export interface SchemaAttribute extends Constraints {
  readonly Name: string
  readonly AttributeDataType: AttributeType
  readonly DeveloperOnlyAttribute: boolean
  readonly Mutable: boolean
  readonly Required: boolean
}

/** An attribute as CreateUserPool and AddCustomAttributes name it. */
export type AttributeRequest = Partial<SchemaAttribute>

const standard = (Name: string, AttributeDataType: AttributeType, constraints?: Constraints) => ({
  Name,
  AttributeDataType,
  DeveloperOnlyAttribute: false,
  Mutable: true,
  Required: false,
  ...constraints,
})
const text = (Name: string, MinLength = '0', MaxLength = '2048'): SchemaAttribute =>
  standard(Name, 'String', { StringAttributeConstraints: { MinLength, MaxLength } })

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
  standard('email_verified', 'Boolean'),
  text('gender'),
  text('birthdate', '10', '10'),
  text('zoneinfo'),
  text('locale'),
  text('phone_number'),
  standard('phone_number_verified', 'Boolean'),
  text('address'),
  standard('updated_at', 'Number', { NumberAttributeConstraints: { MinValue: '0' } }),
  standard('identities', 'String', { StringAttributeConstraints: {} }),
]

/**
 * The schema of a new pool: the standard attributes, changed as the request says, and the custom ones behind them.
 * @throws Fault InvalidParameter
 */
export function createSchema(requests: readonly AttributeRequest[]): readonly SchemaAttribute[] {
  const schema = new Map(standardAttributes.map((attribute) => [attribute.Name, attribute]))
  const isStandard = ({ Name }: AttributeRequest) => Name !== undefined && schema.has(Name)
  const names = requests.map((request) => (isStandard(request) ? request.Name : customName(request)))
  const repeated = names.find((name, index) => names.indexOf(name) < index)
  if (repeated !== undefined)
    refuse(`Duplicate custom attribute names ${repeated} are not allowed in a user pool schema.`)
  for (const request of requests) {
    const known = schema.get(request.Name ?? '')
    if (known !== undefined) schema.set(known.Name, adjusted(known, request))
  }
  return withCustom(
    [...schema.values()],
    requests.filter((request) => !isStandard(request)),
  )
}

/**
 * A standard attribute keeps its type and changes only in what a pool may decide about it. Named in a schema, it is
 * immutable unless the request says otherwise, as every attribute is (measured: aws-cdk#8624).
 */
function adjusted(known: SchemaAttribute, request: AttributeRequest): SchemaAttribute {
  const type = request.AttributeDataType ?? known.AttributeDataType
  if (type !== known.AttributeDataType || request.DeveloperOnlyAttribute) {
    refuse(
      `You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute ${known.Name}`,
    )
  }
  if (known.Name === 'sub') return known
  return checked({
    ...known,
    Mutable: request.Mutable ?? false,
    Required: request.Required ?? false,
    ...constraints(type, request),
  })
}

/**
 * The schema with further custom attributes. They can be added and never changed or removed.
 * @throws Fault InvalidParameter
 */
export function withCustom(
  schema: readonly SchemaAttribute[],
  requests: readonly AttributeRequest[],
): readonly SchemaAttribute[] {
  const all = [...schema]
  for (const request of requests) {
    const added = custom(request)
    if (all.some(({ Name }) => Name === added.Name))
      refuse(`${added.Name}: Existing attribute already has name ${added.Name}.`)
    all.push(added)
  }
  // ours
  const most = quotas['custom attributes in a user pool']
  if (all.length - standardAttributes.length > most)
    refuse(`A user pool can have at most ${most} custom attributes.`)
  return all
}

function custom(request: AttributeRequest): SchemaAttribute {
  const type = request.AttributeDataType
  // ours
  if (request.Name === undefined) refuse('Invalid attribute name, a custom attribute must have a name.')
  if (type === undefined)
    refuse('Invalid AttributeDataType input, consider using the provided AttributeDataType enum.')
  if (request.Required) refuse('Required custom attributes are not supported currently.')
  return checked({
    Name: customName(request),
    AttributeDataType: type,
    DeveloperOnlyAttribute: request.DeveloperOnlyAttribute ?? false,
    Mutable: request.Mutable ?? false,
    Required: false,
    ...(type === 'String' && { StringAttributeConstraints: {} }),
    ...(type === 'Number' && { NumberAttributeConstraints: {} }),
    ...constraints(type, request),
  })
}

const customName = ({ Name, DeveloperOnlyAttribute }: AttributeRequest): string =>
  `${DeveloperOnlyAttribute ? 'dev:' : ''}custom:${Name}`

/** Only the bounds that a type has: others that a request names are dropped. */
function constraints(type: AttributeType, request: AttributeRequest): Constraints {
  return defined({
    StringAttributeConstraints: type === 'String' ? request.StringAttributeConstraints : undefined,
    NumberAttributeConstraints: type === 'Number' ? request.NumberAttributeConstraints : undefined,
  })
}

function checked(attribute: SchemaAttribute): SchemaAttribute {
  const { MinLength, MaxLength } = attribute.StringAttributeConstraints ?? {}
  const { MinValue, MaxValue } = attribute.NumberAttributeConstraints ?? {}
  // "Must be a number less than or equal to 2^1023" (API reference); the text is ours.
  for (const bound of [MinLength, MaxLength, MinValue, MaxValue]) {
    if (bound !== undefined && !(/^-?[0-9]{1,309}$/.test(bound) && Number(bound) <= 2 ** 1023))
      refuse(`Attribute ${attribute.Name} has a constraint that is not a number.`)
  }
  if (Number(MinLength ?? 0) > Number(MaxLength ?? Infinity))
    refuse(`Attribute ${attribute.Name} cannot have a max length shorter than it's min length`)
  if (Number(MinValue ?? -Infinity) > Number(MaxValue ?? Infinity))
    refuse(`Attribute ${attribute.Name} cannot have a max value smaller than it's min value`)
  return attribute
}

function refuse(text: string): never {
  throw new Fault('InvalidParameter', text)
}
