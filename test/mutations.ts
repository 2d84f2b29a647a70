/** Inputs that are wrong in one place, for every place and every way, from the facts of the model. */
import { type FactShape, factOperation, factShape } from './model.ts'

type Json = Record<string, unknown>

export interface Mutation {
  /** `UserAttributes.0.Name: too long` */
  readonly what: string
  readonly input: Json
}

/** `complete` tells what a whole member of the input looks like; the others are as in `minimal`. */
export function* mutations(operation: string, minimal: Json, complete: Json): Generator<Mutation> {
  yield { what: 'nothing wrong', input: minimal }
  yield { what: 'a member that is unknown', input: { ...minimal, Unknown: { deep: [1] }, ['__proto__']: 1 } }
  const { members = {} } = factShape(factOperation(operation).input)
  for (const [member, name] of Object.entries(members)) {
    const { [member]: _, ...without } = minimal
    yield { what: `${member}: missing`, input: without }
    for (const { what, value } of variants(name, complete[member])) {
      yield { what: `${member}${what}`, input: { ...minimal, [member]: value } }
    }
  }
}

interface Variant {
  readonly what: string
  readonly value: unknown
}

function* variants(name: string, whole: unknown): Generator<Variant> {
  const shape = factShape(name)
  yield { what: ': whole', value: whole }
  yield { what: ': null', value: null }
  for (const value of ['text', 7, 1.5, true, false, [], {}]) {
    yield { what: `: ${JSON.stringify(value)}`, value }
  }
  if (shape.type === 'string') yield* strings(shape, whole)
  if (shape.type === 'integer' || shape.type === 'long') yield* numbers(shape)
  if (shape.type === 'list') yield* lists(shape, whole as unknown[])
  if (shape.type === 'map') yield* maps(shape, whole as Json)
  if (shape.type === 'structure') yield* structures(shape, whole as Json)
}

/** Texts that stores, patterns and headers have been known to stumble over. */
export const oddTexts = [
  '\u0000',
  '\ud83d',
  '\u2028',
  '😀é',
  ' ',
  "'; --",
  '__proto__',
  '%00',
  '{####}',
  '../..',
  '\n',
]

function* strings({ min = 0, max, enum: values }: FactShape, whole?: unknown): Generator<Variant> {
  yield { what: ': empty', value: '' }
  if (min > 1) yield { what: ': too short', value: 'a'.repeat(min - 1) }
  if (max !== undefined && max < 5000) {
    yield { what: ': as long as may be', value: 'a'.repeat(max) }
    yield { what: ': too long', value: 'a'.repeat(max + 1) }
  }
  for (const value of values ?? oddTexts) yield { what: `: ${JSON.stringify(value)}`, value }
  if (typeof whole === 'string' && values === undefined) {
    for (const odd of oddTexts.slice(0, 2)) {
      yield {
        what: `: ${JSON.stringify(odd)} inside`,
        value: `${whole.slice(0, -2)}${odd}${whole.slice(-2)}`,
      }
    }
  }
  for (const value of values?.slice(0, 1) ?? []) yield { what: ': in lower case', value: value.toLowerCase() }
}

function* numbers({ min, max }: FactShape): Generator<Variant> {
  for (const bound of [min, max]) {
    if (bound === undefined) continue
    for (const value of [bound - 1, bound - 0.5, bound, bound + 0.5, bound + 1])
      yield { what: `: ${value}`, value }
  }
}

function* lists({ member = '', min = 0, max }: FactShape, [item]: readonly unknown[]): Generator<Variant> {
  const some = (count: number) => Array.from({ length: count }, () => item)
  yield { what: ': null in it', value: [null, item] }
  yield { what: ': the same twice', value: some(2) }
  if (min > 1) yield { what: ': too few', value: some(min - 1) }
  if (max !== undefined) yield { what: ': too many', value: some(max + 1) }
  for (const { what, value } of variants(member, item)) yield { what: `.0${what}`, value: [value] }
}

function* maps({ key = '', value = '', max }: FactShape, whole: Json): Generator<Variant> {
  const [[name, item] = ['a', 'a']] = Object.entries(whole)
  const entries = (count: number) => Array.from({ length: count }, (_, index) => [`${name}${index}`, item])
  yield { what: ': null in it', value: { ...whole, other: null } }
  if (max !== undefined) yield { what: ': too many', value: Object.fromEntries(entries(max + 1)) }
  for (const { what, value: wrong } of strings(factShape(key))) {
    yield { what: ` key${what}`, value: Object.fromEntries([[wrong, item]]) }
  }
  for (const { what, value: wrong } of variants(value, item)) {
    yield { what: `.${name}${what}`, value: { ...whole, [name]: wrong } }
  }
}

function* structures({ members = {} }: FactShape, whole: Json): Generator<Variant> {
  yield { what: ': a member that is unknown', value: { ...whole, Unknown: [[]] } }
  for (const [member, name] of Object.entries(members)) {
    const { [member]: _, ...without } = whole
    yield { what: `.${member}: missing`, value: without }
    for (const { what, value } of variants(name, whole[member])) {
      yield { what: `.${member}${what}`, value: { ...whole, [member]: value } }
    }
  }
}
