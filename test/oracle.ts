/**
 * What the service says to an input, by the facts of its model and the captured grammar of its refusals alone. Nothing
 * here is shared with `src/`: it is a second opinion.
 */
import { type FactShape, factOperation, factShape, mayBeBlank } from './model.ts'

export type Verdict =
  | { readonly kind: 'accepted' }
  /** The front end's refusal, with the text of one of these: it stops at the first that it meets. No text: no JSON. */
  | { readonly kind: 'wrong type'; readonly messages: readonly (string | undefined)[] }
  /** In no order: the service's own varies. */
  | { readonly kind: 'violations'; readonly violations: readonly string[] }

export function judge(operation: string, body: string | Uint8Array): Verdict {
  const json = jsonIn(body)
  if (typeof json !== 'object' || json === null) return { kind: 'wrong type', messages: [undefined] }
  const [violations, wrongTypes]: [string[], (string | undefined)[]] = [[], []]
  const { [mayBeBlank[operation] ?? '']: optional, ...others } = json as Record<string, unknown>
  visit(factOperation(operation).input, optional === '' ? others : json, {
    path: '',
    hidden: false,
    violations,
    wrongTypes,
  })
  if (wrongTypes.length > 0) return { kind: 'wrong type', messages: wrongTypes }
  return violations.length === 0 ? { kind: 'accepted' } : { kind: 'violations', violations }
}

function jsonIn(body: string | Uint8Array): unknown {
  try {
    const text = typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body)
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

interface Where {
  readonly path: string
  readonly hidden: boolean
  readonly violations: string[]
  readonly wrongTypes: (string | undefined)[]
}

function visit(name: string, json: unknown, where: Where): void {
  const shape = factShape(name)
  if (!isOfType(shape, name, json, where)) return
  const here = { ...where, hidden: where.hidden || shape.sensitive === true }
  if (name === 'Document') return
  if (shape.type === 'structure') visitMembers(shape, json as Record<string, unknown>, here)
  else if (shape.type === 'list') visitItems(shape, json as unknown[], here)
  else if (shape.type === 'map') visitEntries(shape, json as Record<string, unknown>, here)
  else {
    const value = shape.type === 'integer' || shape.type === 'long' ? Math.trunc(json as number) : json
    for (const constraint of broken(enforced(name), value))
      report(here, ` '${printed(shape, value)}'`, constraint)
  }
}

function report({ path, hidden, violations }: Where, value: string, constraint: string): void {
  violations.push(`Value${hidden ? '' : value} at '${path}' failed to satisfy constraint: ${constraint}`)
}

function visitMembers(shape: FactShape, json: Record<string, unknown>, where: Where): void {
  for (const [member, name] of Object.entries(shape.members ?? {})) {
    const step = `${member.charAt(0).toLowerCase()}${member.slice(1)}`
    const path = where.path ? `${where.path}.${step}` : step
    const value = Object.hasOwn(json, member) ? json[member] : undefined
    if (value !== undefined && value !== null) visit(name, value, { ...where, path })
    else if (shape.required?.includes(member)) {
      const hidden = where.hidden || factShape(name).sensitive === true
      report({ ...where, path, hidden }, ' null', 'Member must not be null')
    }
  }
}

function visitItems(shape: FactShape, json: unknown[], where: Where): void {
  const items = json.filter((item) => item !== null)
  const name = shape.member ?? ''
  const whole = { ...where, hidden: where.hidden || holdsSecrets(name) }
  let allRight = true
  items.forEach((item, index) => {
    if (isSimple(name)) {
      if (isOfType(factShape(name), name, item, where))
        allRight &&= broken(factShape(name), item).length === 0
    } else visit(name, item, { ...where, path: `${where.path}.${index + 1}.member` })
  })
  const value = ` '${printed(shape, items)}'`
  for (const constraint of outOfBounds('length', items.length, shape)) report(whole, value, constraint)
  if (!allRight) report(whole, value, `Member must satisfy constraint: [${all(factShape(name))}]`)
}

function visitEntries(shape: FactShape, json: Record<string, unknown>, where: Where): void {
  const entries = Object.entries(json).filter(([_, item]) => item !== null)
  const [key, name] = [factShape(shape.key ?? ''), shape.value ?? '']
  const whole = { ...where, hidden: where.hidden || holdsSecrets(name) }
  let [keysRight, valuesRight] = [true, true]
  for (const [entry, item] of entries) {
    keysRight &&= broken(key, entry).length === 0
    if (isSimple(name)) {
      if (isOfType(factShape(name), name, item, where))
        valuesRight &&= broken(factShape(name), item).length === 0
    } else visit(name, item, { ...where, path: `${where.path}.${entry}.member` })
  }
  const value = ` '${printed(shape, Object.fromEntries(entries))}'`
  for (const constraint of outOfBounds('length', entries.length, shape)) report(whole, value, constraint)
  if (!keysRight) report(whole, value, `Map keys must satisfy constraint: [${all(key)}]`)
  if (!valuesRight) report(whole, value, `Map value must satisfy constraint: [${all(factShape(name))}]`)
}

/**
 * The pattern of domains is that of a prefix. The service creates domains of an owner's own all the same, and has words of
 * its own for a wrong prefix.
 */
function enforced(name: string): FactShape {
  const { pattern, ...rest } = factShape(name)
  return name === 'DomainType' || pattern === undefined ? rest : { ...rest, pattern }
}

const isSimple = (name: string) =>
  name !== 'Document' && !['structure', 'list', 'map'].includes(factShape(name).type)

function holdsSecrets(name: string): boolean {
  const { sensitive, member, key, value, members = {} } = factShape(name)
  const inner = [member, key, value, ...Object.values(members)].filter((one) => one !== undefined)
  return sensitive === true || inner.some(holdsSecrets)
}

// ---- the front end

function isOfType({ type }: FactShape, name: string, json: unknown, { wrongTypes }: Where): boolean {
  if (name === 'Document') return true
  const given = Array.isArray(json) ? 'array' : typeof json
  const [wanted, words] = targets[type]
  if (given !== wanted || outOfRange(type, json)) wrongTypes.push(mismatch(given, json, words))
  else if (type === 'blob' && Buffer.from(String(json), 'base64').toString('base64') !== json)
    wrongTypes.push(undefined)
  else return true
  return false
}

const targets = {
  structure: ['object', 'Expected null'],
  list: ['array', 'Expected list or null'],
  map: ['object', 'Expected map or null'],
  string: ['string', 'a String'],
  blob: ['string', 'a String'],
  integer: ['number', 'an Integer'],
  long: ['number', 'a Long'],
  boolean: ['boolean', 'a Boolean'],
  timestamp: ['number', 'a Timestamp'],
} as const

/** JSON writes numbers that no integer holds; that they are refused like any other wrong type is assumed. */
const outOfRange = (type: FactShape['type'], json: unknown): boolean =>
  (type === 'integer' && Math.abs(json as number) > 2 ** 31 - 1) ||
  (type === 'long' && Math.abs(json as number) > Number.MAX_SAFE_INTEGER)

function mismatch(given: string, json: unknown, words: string): string {
  if (given === 'array') return 'Start of list found where not expected'
  if (given === 'object') return 'Start of structure or map found where not expected.'
  if (words.startsWith('Expected')) return words
  const token = given === 'boolean' ? String(json).toUpperCase() : given.toUpperCase()
  return `${token}_VALUE can not be converted to ${words}`
}

// ---- constraints

function outOfBounds(what: 'length' | 'value', size: number, { min, max }: FactShape): string[] {
  return [
    ...(max !== undefined && size > max ? [`Member must have ${what} less than or equal to ${max}`] : []),
    ...(min !== undefined && size < min ? [`Member must have ${what} greater than or equal to ${min}`] : []),
  ]
}

/** The constraints that a simple value does not meet. */
function broken(shape: FactShape, value: unknown): string[] {
  if (typeof value === 'number') return outOfBounds('value', value, shape)
  if (typeof value !== 'string') return []
  if (shape.type === 'blob') return outOfBounds('length', Buffer.from(value, 'base64').length, shape)
  const { pattern, enum: values } = shape
  return [
    ...outOfBounds('length', value.length, shape),
    ...(pattern !== undefined && !javaPattern(pattern).test(value) ? [patternText(pattern)] : []),
    ...(values && !values.includes(value) ? [enumText(values)] : []),
  ]
}

const patternText = (pattern: string) => `Member must satisfy regular expression pattern: ${pattern}`
const enumText = (values: readonly string[]) => `Member must satisfy enum value set: [${values.join(', ')}]`

/** All constraints of a shape, as a list or a map of such values is refused with. */
function all({ type, min, max, pattern, enum: values }: FactShape): string {
  const what = type === 'integer' || type === 'long' ? 'value' : 'length'
  return [
    ...(max === undefined ? [] : [`Member must have ${what} less than or equal to ${max}`]),
    ...(min === undefined ? [] : [`Member must have ${what} greater than or equal to ${min}`]),
    ...(pattern === undefined ? [] : [patternText(pattern)]),
    ...(values === undefined ? [] : [enumText(values)]),
  ].join(', ')
}

/** A pattern of Java's for the regular expressions of JavaScript, its classes spelled out one by one. */
export function javaPattern(source: string): RegExp {
  const spelled = source
    .replaceAll('(?s).', '[\\u{0}-\\u{10ffff}]')
    .replaceAll('[\\S]', '[^ \\x09-\\x0d]')
    .replaceAll('\\s', ' \\x09-\\x0d')
    .replace(/^\./, '[^\\r\\n\\u0085\\u2028\\u2029]')
    .replace(/\.\*$/, '[^\\r\\n\\u0085\\u2028\\u2029]*')
  return new RegExp(`^(${spelled})$`, 'u')
}

// ---- as the service prints values

/** How structures are printed is not known of the service: they are left out. */
function printed({ type, member, value }: FactShape, json: unknown): string {
  const inner = (name: string | undefined, item: unknown) => printed(factShape(name ?? ''), item)
  if (type === 'structure') return '{}'
  if (type === 'list') return `[${(json as unknown[]).map((item) => inner(member, item)).join(', ')}]`
  if (type === 'map') {
    const entries = Object.entries(json as object).map(([name, item]) => `${name}=${inner(value, item)}`)
    return `{${entries.join(', ')}}`
  }
  if (type !== 'blob') return String(json)
  const size = Buffer.from(String(json), 'base64').length
  return `java.nio.HeapByteBuffer[pos=0 lim=${size} cap=${size}]`
}

/** A refusal's violations in one order, without what the service is free in: the order of an enum, structures. */
export function normalised(violations: readonly string[]): string[] {
  return violations
    .map((violation) =>
      violation
        .replace(
          /(enum value set: \[)([^\]]*)/g,
          (_, start, values) => start + values.split(', ').sort().join(', '),
        )
        .replace(/^Value '\[\{.*\}\]' at/s, "Value '[{}]' at"),
    )
    .sort()
}
