import { Fault } from '../domain/faults.ts'
import type { Instant } from '../lib/instant.ts'
import type { Pattern } from './pattern.ts'

/**
 * A shape is a type, a check and its documentation in one value. Reading turns JSON into the typed value and finds
 * every violation on the way; a wrong JSON type ends the reading at once, as the service's front end does.
 */
export interface Shape<In, Out = In> {
  readonly kind:
    | 'string'
    | 'integer'
    | 'long'
    | 'boolean'
    | 'timestamp'
    | 'document'
    | 'list'
    | 'map'
    | 'struct'
  /** Never echoed in a refusal and left out of logs. */
  readonly sensitive: boolean
  /** The constraints in the service's words, for the one-line form that lists and maps of scalars use. */
  readonly constraints: readonly string[]
  readonly read: (json: unknown, path: string, found: string[]) => In
  readonly write: (value: Out) => unknown
  readonly facts: ShapeFacts
}

/** What the contract test compares with AWS's own declarations. */
export interface ShapeFacts {
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly pattern?: string | undefined
  readonly enum?: readonly string[] | undefined
  readonly member?: AnyShape
  readonly key?: AnyShape
  readonly members?: Readonly<Record<string, Member>>
}

// biome-ignore lint/suspicious/noExplicitAny: the top of an invariant type; only code that asks for facts uses it
export type AnyShape = Shape<any, any>
export interface RequiredMember<S extends AnyShape> {
  readonly required: true
  readonly shape: S
}
export type Member = AnyShape | RequiredMember<AnyShape>
export type Members = Readonly<Record<string, Member>>

type In<M> = M extends RequiredMember<infer S> ? In<S> : M extends Shape<infer T, infer _> ? T : never
type Out<M> = M extends RequiredMember<infer S> ? Out<S> : M extends Shape<infer _, infer T> ? T : never
type Simplify<T> = { [K in keyof T]: T[K] }
type RequiredKeys<M extends Members> = {
  [K in keyof M]: M[K] extends RequiredMember<AnyShape> ? K : never
}[keyof M]
type ReadStruct<M extends Members> = Simplify<
  { [K in RequiredKeys<M>]: In<M[K]> } & { [K in Exclude<keyof M, RequiredKeys<M>>]?: In<M[K]> }
>
type WrittenStruct<M extends Members> = Simplify<
  { [K in RequiredKeys<M>]: Out<M[K]> } & { [K in Exclude<keyof M, RequiredKeys<M>>]?: Out<M[K]> | undefined }
>
/** What an operation receives: only declared members, each proven. */
export type Input<S extends AnyShape> = S extends Shape<infer T, infer _> ? T : never
/** What an operation returns: `undefined` stands for absent. */
export type Output<S extends AnyShape> = S extends Shape<infer _, infer T> ? T : never

export function required<S extends AnyShape>(shape: S): RequiredMember<S> {
  return { required: true, shape }
}

export function shapeOf(member: Member): AnyShape {
  return 'required' in member ? member.shape : member
}

export function isRequired(member: Member): boolean {
  return 'required' in member
}

interface StringOptions {
  readonly min?: number
  readonly max?: number
  readonly pattern?: Pattern
  readonly sensitive?: boolean
}

export function string(options: StringOptions = {}): Shape<string> {
  const { min, max, pattern, sensitive = false } = options
  return {
    kind: 'string',
    sensitive,
    constraints: [
      ...(max === undefined ? [] : [longest(max)]),
      ...(min === undefined ? [] : [shortest(min)]),
      ...(pattern === undefined ? [] : [matching(pattern.source)]),
    ],
    facts: { min, max, pattern: pattern?.source },
    read(json, path, found) {
      const value = expectString(json)
      if (min !== undefined && value.length < min)
        found.push(violation(value, path, sensitive, shortest(min)))
      if (max !== undefined && value.length > max) found.push(violation(value, path, sensitive, longest(max)))
      if (pattern !== undefined && !pattern.matches(value)) {
        found.push(violation(value, path, sensitive, matching(pattern.source)))
      }
      return value
    },
    write: (value) => value,
  }
}

export function oneOf<const V extends string>(...values: readonly V[]): Shape<V> {
  const constraint = `Member must satisfy enum value set: [${values.join(', ')}]`
  const known: ReadonlySet<string> = new Set(values)
  return {
    kind: 'string',
    sensitive: false,
    constraints: [constraint],
    facts: { enum: values },
    read(json, path, found) {
      const value = expectString(json)
      if (!known.has(value)) found.push(violation(value, path, false, constraint))
      return value as V
    },
    write: (value) => value,
  }
}

export function integer(
  options: { min?: number; max?: number; kind?: 'integer' | 'long' } = {},
): Shape<number> {
  const { min, max, kind = 'integer' } = options
  const atLeast = `Member must have value greater than or equal to ${min}`
  const atMost = `Member must have value less than or equal to ${max}`
  return {
    kind,
    sensitive: false,
    constraints: [...(max === undefined ? [] : [atMost]), ...(min === undefined ? [] : [atLeast])],
    facts: { min, max },
    read(json, path, found) {
      if (typeof json !== 'number') throw wrongType(json, kind === 'long' ? 'a Long' : 'an Integer')
      const value = Math.trunc(json)
      if (min !== undefined && value < min) found.push(violation(value, path, false, atLeast))
      if (max !== undefined && value > max) found.push(violation(value, path, false, atMost))
      return value
    },
    write: (value) => value,
  }
}

export const boolean: Shape<boolean> = {
  kind: 'boolean',
  sensitive: false,
  constraints: [],
  facts: {},
  read(json) {
    if (typeof json !== 'boolean') throw wrongType(json, 'a Boolean')
    return json
  },
  write: (value) => value,
}

/** Epoch seconds with a fraction on the wire, an instant inside. */
export const timestamp: Shape<Instant> = {
  kind: 'timestamp',
  sensitive: false,
  constraints: [],
  facts: {},
  read(json) {
    if (typeof json !== 'number') throw wrongType(json, 'a Timestamp')
    return json * 1000
  },
  write: (value) => value / 1000,
}

/** Any JSON at all, nested no deeper than a program that walks over it can bear. */
export const document: Shape<unknown> = {
  kind: 'document',
  sensitive: false,
  constraints: [],
  facts: {},
  read(json) {
    if (nestsDeeper(json, 100)) throw new Fault('MalformedBody')
    return json
  },
  write: (value) => value,
}

function nestsDeeper(json: unknown, levels: number): boolean {
  if (typeof json !== 'object' || json === null) return false
  return levels === 0 || Object.values(json).some((inner) => nestsDeeper(inner, levels - 1))
}

export function list<S extends AnyShape>(
  member: S,
  options: { min?: number; max?: number } = {},
): Shape<Input<S>[], readonly Output<S>[]> {
  const { min, max } = options
  const scalar = member.kind === 'string' || member.kind === 'integer'
  const hidden = holdsSensitive(member)
  return {
    kind: 'list',
    sensitive: member.sensitive,
    constraints: [],
    facts: { min, max, member },
    read(json, path, found) {
      if (!Array.isArray(json)) {
        if (isObject(json))
          throw new Fault('WrongJsonType', 'Start of structure or map found where not expected.')
        throw new Fault('WrongJsonType', 'Expected list or null')
      }
      // A null in a list is no member at all to the service's front end.
      const items = json.filter((item) => item !== null)
      if (min !== undefined && items.length < min)
        found.push(violation(shown(items), path, hidden, shortest(min)))
      if (max !== undefined && items.length > max)
        found.push(violation(shown(items), path, hidden, longest(max)))
      if (!scalar)
        return items.map((item, index) => member.read(item, `${path}.${index + 1}.member`, found) as Input<S>)
      // A list of scalars is refused whole, with every constraint of its member in brackets: captured for
      // explicitAuthFlows of CreateUserPoolClient.
      const wrong: string[] = []
      const read = items.map((item) => member.read(item, path, wrong) as Input<S>)
      if (wrong.length > 0) {
        const constraint = `Member must satisfy constraint: [${member.constraints.join(', ')}]`
        found.push(violation(shown(items), path, hidden, constraint))
      }
      return read
    },
    write: (values) => values.map((value) => member.write(value)),
  }
}

export function map<S extends AnyShape>(
  key: Shape<string>,
  value: S,
  options: { sensitive?: boolean } = {},
): Shape<Record<string, Input<S>>, Readonly<Record<string, Output<S>>>> {
  const { sensitive = false } = options
  const hidden = sensitive || holdsSensitive(value)
  return {
    kind: 'map',
    sensitive,
    constraints: [],
    facts: { key, member: value },
    read(json, path, found) {
      if (Array.isArray(json)) throw new Fault('WrongJsonType', 'Start of list found where not expected')
      if (!isObject(json)) throw new Fault('WrongJsonType', 'Expected map or null')
      const wrongKeys: string[] = []
      const wrongValues: string[] = []
      const read: [string, Input<S>][] = []
      for (const [name, item] of Object.entries(json)) {
        if (item === null) continue
        key.read(name, path, wrongKeys)
        const nested = value.kind === 'struct' ? found : wrongValues
        read.push([name, value.read(item, `${path}.${name}.member`, nested) as Input<S>])
      }
      if (wrongKeys.length > 0) {
        const constraint = `Map keys must satisfy constraint: [${key.constraints.join(', ')}]`
        found.push(violation(shown(json), path, hidden, constraint))
      }
      if (wrongValues.length > 0) {
        const constraint = `Map value must satisfy constraint: [${value.constraints.join(', ')}]`
        found.push(violation(shown(json), path, hidden, constraint))
      }
      // fromEntries defines own properties, so a key named __proto__ is a key like any other.
      return Object.fromEntries(read)
    },
    write: (values) =>
      Object.fromEntries(Object.entries(values).map(([name, item]) => [name, value.write(item)])),
  }
}

export interface StructShape<M extends Members> extends Shape<ReadStruct<M>, WrittenStruct<M>> {
  readonly members: M
}

export function struct<M extends Members>(members: M, options: { sensitive?: boolean } = {}): StructShape<M> {
  const fields = Object.entries(members).map(([name, member]) => ({
    name,
    path: lowerFirst(name),
    shape: shapeOf(member),
    required: isRequired(member),
  }))
  return {
    kind: 'struct',
    sensitive: options.sensitive ?? false,
    constraints: [],
    facts: { members },
    members,
    read(json, path, found) {
      if (Array.isArray(json)) throw new Fault('WrongJsonType', 'Start of list found where not expected')
      if (!isObject(json)) throw new Fault('WrongJsonType', path === '' ? '' : 'Expected null')
      const value: Record<string, unknown> = {}
      for (const field of fields) {
        const at = path === '' ? field.path : `${path}.${field.path}`
        const item = Object.hasOwn(json, field.name) ? json[field.name] : null
        if (item !== null) value[field.name] = field.shape.read(item, at, found)
        else if (field.required)
          found.push(violation(null, at, field.shape.sensitive, 'Member must not be null'))
      }
      return value as ReadStruct<M>
    },
    write(value) {
      const json: Record<string, unknown> = {}
      for (const field of fields) {
        const item = (value as Record<string, unknown>)[field.name]
        if (item !== undefined) json[field.name] = field.shape.write(item)
      }
      return json
    },
  }
}

/** Whether a value of this shape can hold anything that must not be echoed. */
export function holdsSensitive(shape: AnyShape): boolean {
  if (shape.sensitive) return true
  const { member, members } = shape.facts
  if (member !== undefined && holdsSensitive(member)) return true
  return members !== undefined && Object.values(members).some((inner) => holdsSensitive(shapeOf(inner)))
}

const shortest = (min: number) => `Member must have length greater than or equal to ${min}`
const longest = (max: number) => `Member must have length less than or equal to ${max}`
const matching = (source: string) => `Member must satisfy regular expression pattern: ${source}`

function violation(
  value: string | number | null,
  path: string,
  sensitive: boolean,
  constraint: string,
): string {
  const shownValue = sensitive ? '' : value === null ? ' null' : ` '${value}'`
  return `Value${shownValue} at '${path}' failed to satisfy constraint: ${constraint}`
}

/** A list or a map as the service prints it: `[a, b]`, `{k=v}`. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`
  if (!isObject(value)) return String(value)
  return `{${Object.entries(value)
    .map(([name, item]) => `${name}=${shown(item)}`)
    .join(', ')}}`
}

const lowerFirst = (name: string) => name.slice(0, 1).toLowerCase() + name.slice(1)

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function expectString(json: unknown): string {
  if (typeof json !== 'string') throw wrongType(json, 'a String')
  return json
}

/** The front end's texts for a JSON value of the wrong type (spec: raw captures of the same front end). */
function wrongType(json: unknown, wanted: string): Fault {
  if (Array.isArray(json)) return new Fault('WrongJsonType', 'Start of list found where not expected')
  if (isObject(json)) return new Fault('WrongJsonType', 'Start of structure or map found where not expected.')
  const found =
    typeof json === 'string'
      ? 'STRING_VALUE'
      : typeof json === 'number'
        ? 'NUMBER_VALUE'
        : json
          ? 'TRUE_VALUE'
          : 'FALSE_VALUE'
  return new Fault('WrongJsonType', `${found} can not be converted to ${wanted}`)
}
