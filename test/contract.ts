/**
 * An operation's contract as plain lines, from three sources: our own declaration, the facts of the service model and
 * the schemas of the published SDK. What differs between two of them is then a difference between two tables.
 */
import * as sdk from '@aws-sdk/client-cognito-identity-provider'
import { refusals } from '../src/api/refusals.ts'
import type { FaultCode } from '../src/domain/faults.ts'
import type { Operation } from '../src/protocol/operation.ts'
import { type AnyShape, isRequired, type Member, shapeOf } from '../src/protocol/shape.ts'
import { factOperation, factShape } from './model.ts'

/** `input.UserAttributes.member.Name max` is `32`. */
export type Lines = ReadonlyMap<string, string>

/** What `ours` says otherwise than `theirs`, one sentence a difference. */
export function differences(ours: Lines, theirs: Lines): string[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((name) => ours.get(name) !== theirs.get(name))
    .toSorted()
    .map((name) => `${name}: ${ours.get(name) ?? 'nothing'}, and should be ${theirs.get(name) ?? 'nothing'}`)
}

interface Described {
  readonly kind: string
  readonly sensitive?: boolean
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly pattern?: string | undefined
  readonly enum?: readonly string[] | undefined
  readonly member?: Described | undefined
  readonly key?: Described | undefined
  readonly members?: Readonly<Record<string, Described>>
  readonly required?: readonly string[]
}

function linesOf(auth: string, input: Described, output: Described): Lines {
  return new Map([['auth', auth], ...shapeLines('input', input), ...shapeLines('output', output)])
}

function shapeLines(name: string, described: Described): Lines {
  const lines = new Map<string, string>()
  const add = (path: string, shape: Described): void => {
    lines.set(path, shape.kind)
    for (const fact of ['min', 'max', 'pattern'] as const) {
      if (shape[fact] !== undefined) lines.set(`${path} ${fact}`, String(shape[fact]))
    }
    if (shape.sensitive) lines.set(`${path} sensitive`, 'yes')
    if (shape.enum) lines.set(`${path} enum`, shape.enum.toSorted().join(', '))
    if (shape.member) add(`${path}.member`, shape.member)
    if (shape.key) add(`${path}.key`, shape.key)
    for (const name of shape.required ?? []) lines.set(`${path}.${name} required`, 'yes')
    for (const [name, inner] of Object.entries(shape.members ?? {})) add(`${path}.${name}`, inner)
  }
  add(name, described)
  return lines
}

const nothing: Described = { kind: 'struct' }
const mapValues = <A, B>(values: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]))

// ---- our own declaration

export function ourLines({ input, output, access }: Operation): Lines {
  const auth = { iam: 'iam', token: 'token', client: 'public', mail: 'public' }[access.by]
  return linesOf(auth, ours(input), ours(output))
}

function ours({ kind, sensitive, facts }: AnyShape): Described {
  const { member, key, members = {} } = facts
  return {
    ...facts,
    kind,
    sensitive,
    member: member && ours(member),
    key: key && ours(key),
    members: mapValues(members, (inner) => ours(shapeOf(inner))),
    required: Object.keys(members).filter((name) => isRequired(members[name] as Member)),
  }
}

// ---- the facts

/** Whether a shape of ours is this one of the model. */
export function isShape(shape: AnyShape, name: string): boolean {
  return differences(shapeLines('', ours(shape)), shapeLines('', theFacts(name))).length === 0
}

export function factLines(name: string): Lines {
  const { auth, input, output } = factOperation(name)
  return linesOf(auth, theFacts(input), output === null ? nothing : theFacts(output))
}

function theFacts(name: string): Described {
  const { type, member, value, key, members = {}, ...facts } = factShape(name)
  const inner = member ?? value
  return {
    ...facts,
    kind: name === 'Document' ? 'document' : type === 'structure' ? 'struct' : type,
    member: inner === undefined ? undefined : theFacts(inner),
    key: key === undefined ? undefined : theFacts(key),
    members: mapValues(members, theFacts),
  }
}

// ---- the SDK

/**
 * The SDK's schemas are arrays (`@smithy/types`, static-schemas.d.ts): `[9, namespace, name, traits, input, output]`
 * for an operation, `[3, …, traits, member names, member schemas, how many of them are required]` for a structure,
 * `[1, …, traits, member]`, `[2, …, traits, key, value]`, `[0, …, traits, type]`. A pair is a schema with traits of
 * its member; a function stands for what it returns; a number is a simple type, plus 64 for a list or 128 for a map
 * of such. Of the traits, bit 3 is `sensitive`.
 */
type Schema = number | 'unit' | (() => Schema) | readonly unknown[]

/** The operations that the SDK exports, by name. */
export const sdkOperations: ReadonlyMap<string, readonly unknown[]> = new Map(
  Object.values(sdk).flatMap((value: unknown) =>
    Array.isArray(value) && value[0] === 9 ? [[String(value[2]), value]] : [],
  ),
)

const client = new sdk.CognitoIdentityProviderClient({ region: 'us-east-1' })

/** Shapes without constraints, which the SDK does not know, and whether it signs. */
export function sdkLines(name: string): Lines {
  const [, , , , input, output] = sdkOperations.get(name) ?? []
  const [scheme] = client.config.httpAuthSchemeProvider({ operation: name, region: 'us-east-1' })
  const auth = scheme?.schemeId === 'aws.auth#sigv4' ? 'signed' : 'not signed'
  return linesOf(auth, theSdk(input as Schema), theSdk(output as Schema))
}

function theSdk(schema: Schema, traits = 0): Described {
  const sensitive = (traits & 8) > 0
  if (schema === 'unit') return nothing
  if (typeof schema === 'function') return theSdk(schema(), traits)
  if (typeof schema === 'number') {
    if (schema >= 128) return { kind: 'map', sensitive, key: theSdk(0), member: theSdk(schema - 128) }
    if (schema >= 64) return { kind: 'list', sensitive, member: theSdk(schema - 64) }
    const simple = { 0: 'string', 1: 'number', 2: 'boolean', 4: 'timestamp', 15: 'document', 21: 'blob' }
    return { kind: simple[schema as keyof typeof simple], sensitive }
  }
  if (schema.length === 2) return theSdk(schema[0] as Schema, traits | Number(schema[1]))
  const [type, , , own, first, second, required = 0] = schema
  const all = traits | Number(own)
  if (type === 0) return theSdk(first as Schema, all)
  if (type === 1) return { kind: 'list', sensitive: (all & 8) > 0, member: theSdk(first as Schema) }
  if (type === 2) {
    return {
      kind: 'map',
      sensitive: (all & 8) > 0,
      key: theSdk(first as Schema),
      member: theSdk(second as Schema),
    }
  }
  const [names, schemas] = [first as string[], second as Schema[]]
  return {
    kind: type === 3 ? 'struct' : `type ${type}`,
    sensitive: (all & 8) > 0,
    members: Object.fromEntries(schemas.map((member, index) => [names[index], theSdk(member)])),
    required: names.slice(0, Number(required)),
  }
}

/** The part of our lines, or of the facts, that the SDK can speak of, in its words. */
export function asSdk(lines: Lines): Lines {
  const said = [...lines].filter(([name]) => !/ (?:min|max|pattern|enum)$/.test(name))
  return new Map(
    said.map(([name, text]) => {
      if (name === 'auth') return [name, text === 'iam' ? 'signed' : 'not signed']
      return [name, text === 'integer' || text === 'long' ? 'number' : text]
    }),
  )
}

// ---- errors

/** What any operation may answer, whether or not the model lists it. */
const common: ReadonlySet<string> = new Set([
  // The front end, before the operation is known or its input read.
  'SerializationException',
  'UnknownOperationException',
  // The signature and the policies.
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'AccessDeniedException',
  // Ours, in what is not built yet.
  'NotImplementedException',
])

/** Exceptions that an operation may raise and the model does not list for it. */
export function unlistedErrors({ name, faults, access }: Operation, allowed: readonly string[]): string[] {
  const listed = new Set([...factOperation(name).errors, ...common, ...allowed])
  const raised = [...faults, ...access.faults].map((code: FaultCode) => ({ code, type: refusals[code].type }))
  return raised
    .filter(({ type }) => !listed.has(type))
    .map(({ code, type }) => `${code} is a ${type}, which ${name} does not raise`)
}
