import { Fault } from '../domain/faults.ts'
import type { Instant } from '../lib/instant.ts'
import type { Pattern } from './pattern.ts'
import { Place } from './place.ts'

/**
 * A shape is a type, a check and its documentation in one value. Reading turns JSON into the typed value and finds
 * every violation on the way; a wrong JSON type ends the reading at once, as the service's front end does.
 */
export interface Shape<In, Out = In> {
  readonly kind: Scalar | 'list' | 'map' | 'struct'
  /** Never echoed in a refusal and left out of logs. */
  readonly sensitive: boolean
  /** The constraints in the service's words, for the one-line form that lists and maps of scalars use. */
  readonly constraints: readonly string[]
  readonly read: (json: unknown, at: Place) => In
  readonly write: (value: Out) => unknown
  readonly facts: ShapeFacts
}

type Scalar = 'string' | 'integer' | 'long' | 'boolean' | 'timestamp' | 'blob' | 'document'

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

/** The value that JSON stands for, or a refusal with everything that is wrong with it. */
export function check<S extends AnyShape>(shape: S, json: unknown): Input<S> {
  const found: string[] = []
  const value: Input<S> = shape.read(json, new Place(found))
  if (found.length > 0) throw new Fault('ValidationFailed', found)
  return value
}

export function required<S extends AnyShape>(shape: S): RequiredMember<S> {
  return { required: true, shape }
}

export function shapeOf(member: Member): AnyShape {
  return 'required' in member ? member.shape : member
}

export function isRequired(member: Member): boolean {
  return 'required' in member
}

interface Size {
  readonly min?: number
  readonly max?: number
}

export function string(options: Size & { pattern?: Pattern; sensitive?: boolean } = {}): Shape<string> {
  const { min, max, pattern, sensitive = false } = options
  const size = sizeOf('length', options)
  return {
    kind: 'string',
    sensitive,
    constraints: [...size.constraints, ...(pattern === undefined ? [] : [matching(pattern)])],
    facts: { min, max, pattern: pattern?.source },
    read(json, at) {
      const value = expectString(json)
      size.check(value.length, value, at)
      if (pattern !== undefined && !pattern.matches(value)) at.refuse(matching(pattern), value)
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
    read(json, at) {
      const value = expectString(json)
      if (!known.has(value)) at.refuse(constraint, value)
      return value as V
    },
    write: (value) => value,
  }
}

export function integer(options: Size & { kind?: 'integer' | 'long' } = {}): Shape<number> {
  const { min, max, kind = 'integer' } = options
  const size = sizeOf('value', options)
  const [wanted, most] = kind === 'long' ? ['a Long', Number.MAX_SAFE_INTEGER] : ['an Integer', 2 ** 31 - 1]
  return {
    kind,
    sensitive: false,
    constraints: size.constraints,
    facts: { min, max },
    read(json, at) {
      // JSON can write numbers that no integer holds; to the front end they are of the wrong type like any other.
      if (typeof json !== 'number' || Math.abs(json) > most) throw unconvertible(json, wanted)
      const value = Math.trunc(json) + 0
      size.check(value, value, at)
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
    if (typeof json !== 'boolean') throw unconvertible(json, 'a Boolean')
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
    if (typeof json !== 'number' || Math.abs(json) > lastSecond) throw unconvertible(json, 'a Timestamp')
    return json * 1000
  },
  write: (value) => value / 1000,
}

/** The last that a Date can hold. */
const lastSecond = 8_640_000_000_000

/** Bytes, in base64 on the wire. */
export function blob(options: Size = {}): Shape<Uint8Array> {
  const { min, max } = options
  const size = sizeOf('length', options)
  return {
    kind: 'blob',
    sensitive: false,
    constraints: size.constraints,
    facts: { min, max },
    read(json, at) {
      const text = expectString(json)
      if (text.length % 4 > 0 || !base64.test(text)) throw new Fault('MalformedBody')
      const value = Buffer.from(text, 'base64')
      size.check(value.length, value, at)
      return value
    },
    write: (value) => Buffer.from(value).toString('base64'),
  }
}

const base64 = /^[A-Za-z0-9+/]*={0,2}$/

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
  options: Size = {},
): Shape<Input<S>[], readonly Output<S>[]> {
  const { min, max } = options
  const size = sizeOf('length', options)
  const hidden = holdsSensitive(member)
  return {
    kind: 'list',
    sensitive: false,
    constraints: [],
    facts: { min, max, member },
    read(json, at) {
      if (!Array.isArray(json)) throw wrongType(json, 'Expected list or null')
      // A null in a list is no member at all to the service's front end.
      const items = json.filter((item) => item !== null)
      // A list of scalars is refused whole, with every constraint of its member in brackets: captured for
      // explicitAuthFlows of CreateUserPoolClient.
      const wrong: string[] = []
      const value = items.map((item, index): Input<S> => {
        const inside = isScalar(member) ? new Place(wrong) : at.inside(`${index + 1}.member`, member)
        return member.read(item, inside)
      })
      size.check(value.length, value, at, hidden)
      if (wrong.length > 0) at.refuse(`Member must ${allOf(member)}`, value, hidden)
      return value
    },
    write: (values) => values.map((value) => member.write(value)),
  }
}

export function map<S extends AnyShape>(
  key: Shape<string>,
  member: S,
  options: Size & { sensitive?: boolean } = {},
): Shape<Record<string, Input<S>>, Readonly<Record<string, Output<S>>>> {
  const { min, max, sensitive = false } = options
  const size = sizeOf('length', options)
  const hidden = holdsSensitive(key) || holdsSensitive(member)
  return {
    kind: 'map',
    sensitive,
    constraints: [],
    facts: { min, max, key, member },
    read(json, at) {
      if (!isObject(json)) throw wrongType(json, 'Expected map or null')
      const items = Object.entries(json).filter(([_, item]) => item !== null)
      const wrongKeys: string[] = []
      const wrong: string[] = []
      const entries = items.map(([name, item]): [string, Input<S>] => {
        const inside = isScalar(member) ? new Place(wrong) : at.inside(`${name}.member`, member)
        return [key.read(name, new Place(wrongKeys)), member.read(item, inside)]
      })
      // fromEntries defines own properties, so a key named __proto__ is a key like any other.
      const value: Record<string, Input<S>> = Object.fromEntries(entries)
      size.check(entries.length, value, at, hidden)
      if (wrongKeys.length > 0) at.refuse(`Map keys must ${allOf(key)}`, value, hidden)
      if (wrong.length > 0) at.refuse(`Map value must ${allOf(member)}`, value, hidden)
      return value
    },
    write: (values) =>
      Object.fromEntries(Object.entries(values).map(([name, item]) => [name, member.write(item)])),
  }
}

export function struct<M extends Members>(
  members: M,
  options: { sensitive?: boolean } = {},
): Shape<ReadStruct<M>, WrittenStruct<M>> {
  const fields = Object.entries(members).map(([name, member]) => ({
    name,
    step: name.slice(0, 1).toLowerCase() + name.slice(1),
    shape: shapeOf(member),
    required: isRequired(member),
  }))
  return {
    kind: 'struct',
    sensitive: options.sensitive ?? false,
    constraints: [],
    facts: { members },
    read(json, at) {
      if (!isObject(json)) throw wrongType(json, 'Expected null')
      const value: Record<string, unknown> = {}
      for (const { name, step, shape, required } of fields) {
        const item = Object.hasOwn(json, name) ? json[name] : null
        if (item !== null) value[name] = shape.read(item, at.inside(step, shape))
        else if (required) at.inside(step, shape).refuse('Member must not be null', null)
      }
      return value as ReadStruct<M>
    },
    write(value) {
      const json: Record<string, unknown> = {}
      for (const { name, shape } of fields) {
        const item = (value as Record<string, unknown>)[name]
        if (item !== undefined) json[name] = shape.write(item)
      }
      return json
    },
  }
}

/** Whether a value of this shape can hold anything that must not be echoed. */
export function holdsSensitive(shape: AnyShape): boolean {
  if (shape.sensitive) return true
  const { key, member, members } = shape.facts
  const inner = [key, member, ...Object.values(members ?? {}).map(shapeOf)]
  return inner.some((one) => one !== undefined && holdsSensitive(one))
}

const isScalar = ({ kind }: AnyShape) => kind !== 'list' && kind !== 'map' && kind !== 'struct'

const matching = ({ source }: Pattern) => `Member must satisfy regular expression pattern: ${source}`

/** The one-line form in which a list or a map of scalars is refused. */
const allOf = ({ constraints }: AnyShape) => `satisfy constraint: [${constraints.join(', ')}]`

/** The bounds of a length or of a value: in words, and as a check. */
function sizeOf(what: 'length' | 'value', { min = -Infinity, max = Infinity }: Size) {
  const atLeast = `Member must have ${what} greater than or equal to ${min}`
  const atMost = `Member must have ${what} less than or equal to ${max}`
  return {
    constraints: [...(max === Infinity ? [] : [atMost]), ...(min === -Infinity ? [] : [atLeast])],
    check(size: number, value: unknown, at: Place, hidden = false) {
      if (size < min) at.refuse(atLeast, value, hidden)
      if (size > max) at.refuse(atMost, value, hidden)
    },
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function expectString(json: unknown): string {
  if (typeof json !== 'string') throw unconvertible(json, 'a String')
  return json
}

/** The front end's texts for JSON of the wrong type (spec: raw captures of the same front end). */
function wrongType(json: unknown, otherwise: string): Fault {
  if (Array.isArray(json)) return new Fault('WrongJsonType', 'Start of list found where not expected')
  if (isObject(json)) return new Fault('WrongJsonType', 'Start of structure or map found where not expected.')
  return new Fault('WrongJsonType', otherwise)
}

function unconvertible(json: unknown, wanted: string): Fault {
  const token = typeof json === 'boolean' ? String(json) : typeof json
  return wrongType(json, `${token.toUpperCase()}_VALUE can not be converted to ${wanted}`)
}
