/**
 * Bodies that are wrong in one place, for every place and every way, and in several at once; from the facts of the model.
 */

import { again, bodyOf, bodyTexts, type Json } from './bodies.ts'
import { type FactShape, factOperation, factShape } from './model.ts'
import { seededRandom } from './seeded-random.ts'

export interface Mutation {
  /** `UserAttributes.0.Name: too long` */
  readonly what: string
  readonly body: string | Uint8Array
}

/** `complete` tells what a whole member of the input looks like; the others are as in `minimal`. */
export function* mutations(operation: string, minimal: Json, complete: Json): Generator<Mutation> {
  yield { what: 'nothing wrong', body: bodyOf(minimal) }
  yield* bodyTexts(minimal)
  const { members = {} } = factShape(factOperation(operation).input)
  for (const [member, name] of Object.entries(members)) {
    const { [member]: whole, ...without } = minimal
    yield { what: `${member}: missing`, body: bodyOf(without) }
    const [first = '', ...rest] = member
    const misspelt = `${first.toLowerCase()}${rest.join('')}`
    yield { what: `${member}: in lower case`, body: bodyOf({ ...without, [misspelt]: whole ?? 'a' }) }
    for (const { what, value } of variants(name, complete[member])) {
      yield { what: `${member}${what}`, body: bodyOf({ ...minimal, [member]: value }) }
    }
    yield* twice(member, name, minimal, complete[member])
  }
  yield* several(operation, minimal, complete)
}

/** The places of an operation's input where something can be wrong: members at every depth, items, keys and values. */
export function placesOf(operation: string): number {
  const count = (name: string): number => {
    const { member, key, value, members = {} } = factShape(name)
    const inner = [member, key, value, ...Object.values(members)].filter((one) => one !== undefined)
    return inner.reduce((total, one) => total + count(one), 1)
  }
  return count(factOperation(operation).input)
}

/** A member twice in one object: to a reader of JSON the last is the one that counts. */
function* twice(member: string, name: string, minimal: Json, whole: unknown): Generator<Mutation> {
  for (const [index, { what, value }] of [...variants(name, whole)].entries()) {
    if (index % 5 > 0) continue
    const { [member]: right = whole, ...others } = minimal
    yield {
      what: `${member}${what}, and then right`,
      body: bodyOf({ ...others, [member]: value, [again(member)]: right }),
    }
    yield {
      what: `${member} right, and then${what}`,
      body: bodyOf({ ...others, [member]: right, [again(member)]: value }),
    }
  }
}

/** Several members wrong at once, each in some way: seeded, so that every run makes the same. */
function* several(operation: string, minimal: Json, complete: Json): Generator<Mutation> {
  const { members = {} } = factShape(factOperation(operation).input)
  const random = seededRandom(operation)
  const below = (count: number) => Buffer.from(random.bytes(4)).readUInt32BE() % count
  const ways = Object.entries(members).map(([member, name]) => ({
    member,
    values: [...variants(name, complete[member])],
  }))
  for (let round = 0; round < ways.length * 6; round += 1) {
    const input: Record<string, unknown> = { ...minimal }
    const said: string[] = []
    for (const { member, values } of ways) {
      if (below(2) === 0) continue
      const { what, value } = values[below(values.length)] ?? { what: ': null', value: null }
      input[member] = value
      said.push(`${member}${what}`)
    }
    yield { what: `at once ${said.join(' and ')}`, body: bodyOf(input) }
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
  for (const value of ['text', 7, 1.5, true, false, [], {}, [[]], [null], { '': {} }]) {
    yield { what: `: ${JSON.stringify(value)}`, value }
  }
  if (shape.type === 'string') yield* strings(shape, whole)
  if (shape.type === 'integer' || shape.type === 'long') yield* numbers(shape)
  if (shape.type === 'blob') yield* blobs(shape)
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
    // A character of two units is two: lengths are Java's.
    yield { what: ': too long by half a character', value: '😀'.repeat(max / 2 + 1) }
  }
  for (const value of values ?? oddTexts) yield { what: `: ${JSON.stringify(value)}`, value }
  if (typeof whole === 'string' && values === undefined) {
    for (const odd of oddTexts.slice(0, 2)) {
      yield {
        what: `: ${JSON.stringify(odd)} inside`,
        value: `${whole.slice(0, -2)}${odd}${whole.slice(-2)}`,
      }
    }
    // Where a pattern's end is not the value's: behind a line, before one, beside a blank.
    for (const value of [`${whole}\n`, `\n${whole}`, `${whole} `, `${whole}\r\n${whole}`])
      yield { what: `: ${JSON.stringify(value)}`, value }
  }
  for (const value of values?.slice(0, 1) ?? []) {
    yield { what: ': in lower case', value: value.toLowerCase() }
    yield { what: ': with a blank', value: `${value} ` }
    yield { what: ': twice', value: `${value}, ${value}` }
  }
}

function* numbers({ min, max }: FactShape): Generator<Variant> {
  for (const bound of [min, max]) {
    if (bound === undefined) continue
    for (const value of [bound - 1, bound - 0.5, bound, bound + 0.5, bound + 1])
      yield { what: `: ${value}`, value }
  }
  for (const value of [-0, -1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e300, 1e-300])
    yield { what: `: ${value}`, value }
  yield { what: ': more than any number', value: Number.POSITIVE_INFINITY }
}

function* blobs({ max }: FactShape): Generator<Variant> {
  for (const value of ['', 'YQ==', 'YQ', '?', 'YQ==\n', 'Y Q=']) {
    yield { what: `: ${JSON.stringify(value)}`, value }
  }
  if (max === undefined) return
  yield { what: ': as long as may be', value: Buffer.alloc(max).toString('base64') }
  yield { what: ': too long', value: Buffer.alloc(max + 1).toString('base64') }
}

function* lists({ member = '', min = 0, max }: FactShape, [item]: readonly unknown[]): Generator<Variant> {
  const some = (count: number) => Array.from({ length: count }, () => item)
  yield { what: ': null in it', value: [null, item] }
  yield { what: ': the same twice', value: some(2) }
  if (min > 1) yield { what: ': too few', value: some(min - 1) }
  if (max !== undefined) {
    yield { what: ': as many as may be', value: some(max) }
    yield { what: ': too many', value: some(max + 1) }
  }
  const wrong = [...variants(member, item)]
  for (const { what, value } of wrong) yield { what: `.0${what}`, value: [value] }
  // The paths of violations count from one, and a wrong item hides no other.
  for (const [index, { what, value }] of wrong.entries()) {
    const next = wrong[index + 1]
    if (index % 4 === 0 && next) yield { what: `.0${what}, .2${next.what}`, value: [value, item, next.value] }
  }
}

function* maps({ key = '', value = '', max }: FactShape, whole: Json): Generator<Variant> {
  const [[name, item] = ['a', 'a']] = Object.entries(whole)
  const entries = (count: number) => Array.from({ length: count }, (_, index) => [`${name}${index}`, item])
  yield { what: ': null in it', value: { ...whole, other: null } }
  if (max !== undefined) {
    yield { what: ': as many as may be', value: Object.fromEntries(entries(max)) }
    yield { what: ': too many', value: Object.fromEntries(entries(max + 1)) }
  }
  for (const { what, value: wrong } of strings(factShape(key))) {
    yield { what: ` key${what}`, value: Object.fromEntries([[wrong, item]]) }
  }
  for (const { what, value: wrong } of variants(value, item)) {
    yield { what: `.${name}${what}`, value: { ...whole, [name]: wrong } }
    yield { what: `.${name} right, and then${what}`, value: { ...whole, [again(name)]: wrong } }
  }
}

function* structures({ members = {} }: FactShape, whole: Json): Generator<Variant> {
  yield { what: ': a member that is unknown', value: { ...whole, Unknown: [[]] } }
  for (const [member, name] of Object.entries(members)) {
    const { [member]: right, ...without } = whole
    yield { what: `.${member}: missing`, value: without }
    for (const { what, value } of variants(name, whole[member])) {
      yield { what: `.${member}${what}`, value: { ...whole, [member]: value } }
    }
    yield {
      what: `.${member}: null, and then right`,
      value: { ...without, [member]: null, [again(member)]: right },
    }
    yield {
      what: `.${member}: right, and then null`,
      value: { ...without, [member]: right, [again(member)]: null },
    }
  }
}
