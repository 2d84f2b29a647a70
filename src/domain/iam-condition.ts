import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'
import type { Content } from '../lib/content.ts'
import type { Instant } from '../lib/instant.ts'
import { instantFromIso } from '../lib/iso-date.ts'
import { type Context, matches, type PatternStyle, readPattern, splitAtColons } from './iam-pattern.ts'

/** Whether what a request says of itself meets one line of a `Condition` block. */
export type Condition = (context: Context) => boolean

/** Whether a value of the request is the one value that the policy names. */
type Test = (value: string, context: Context) => boolean
type TestReader = (content: Content, variables: boolean) => Test

interface Operator {
  readonly read: TestReader
  /** Negated operators ask that a value be none of those in the policy. */
  readonly negated: boolean
}

const is = (read: TestReader): Operator => ({ read, negated: false })
const isNot = (read: TestReader): Operator => ({ read, negated: true })

const text =
  (style: Partial<PatternStyle> = {}): TestReader =>
  (content, variables) => {
    const pattern = readPattern(content, { variables, wildcards: false, foldCase: false, ...style })
    return (value, context) => matches(pattern, value, context)
  }

const comparing =
  <Measure>(parse: (text: string) => Measure | undefined, form: string) =>
  (holds: (given: Measure, named: Measure) => boolean): TestReader =>
  (content) => {
    const named = parse(content.scalar())
    if (named === undefined) throw content.refusal(`must be ${form}`)
    return (value) => {
      const given = parse(value)
      return given !== undefined && holds(given, named)
    }
  }

const number = comparing(numberIn, 'a number')
const date = comparing(instantIn, 'a date of ISO 8601 with its zone, or seconds since 1970')
const truth = comparing(truthIn, 'true or false')((given, named) => given === named)
const binary = comparing(bytesIn, 'binary in base64')

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators = new Map<string, Operator>([
  ['StringEquals', is(text())],
  ['StringNotEquals', isNot(text())],
  ['StringEqualsIgnoreCase', is(text({ foldCase: true }))],
  ['StringNotEqualsIgnoreCase', isNot(text({ foldCase: true }))],
  ['StringLike', is(text({ wildcards: true }))],
  ['StringNotLike', isNot(text({ wildcards: true }))],
  ['NumericEquals', is(number((given, named) => given === named))],
  ['NumericNotEquals', isNot(number((given, named) => given === named))],
  ['NumericLessThan', is(number((given, named) => given < named))],
  ['NumericLessThanEquals', is(number((given, named) => given <= named))],
  ['NumericGreaterThan', is(number((given, named) => given > named))],
  ['NumericGreaterThanEquals', is(number((given, named) => given >= named))],
  ['DateEquals', is(date((given, named) => given === named))],
  ['DateNotEquals', isNot(date((given, named) => given === named))],
  ['DateLessThan', is(date((given, named) => given < named))],
  ['DateLessThanEquals', is(date((given, named) => given <= named))],
  ['DateGreaterThan', is(date((given, named) => given > named))],
  ['DateGreaterThanEquals', is(date((given, named) => given >= named))],
  ['Bool', is(truth)],
  ['BinaryEquals', is(binary((given, named) => given.equals(named)))],
  ['IpAddress', is(addresses)],
  ['NotIpAddress', isNot(addresses)],
  ['ArnEquals', is(arn)],
  ['ArnLike', is(arn)],
  ['ArnNotEquals', isNot(arn)],
  ['ArnNotLike', isNot(arn)],
])

/** Reads a `Condition` block. Every condition in it must hold. */
export function readConditions(content: Content, variables: boolean): Condition[] {
  return content.entries().flatMap(([name, block]) => {
    const compile = name === 'Null' ? presence : comparison(name, block, variables)
    return block.entries().map(([key, values]) => {
      if (!/^[\w.-]+:./.test(key)) throw values.refusal('is no condition key, such as aws:SourceIp')
      return compile(key.toLowerCase(), values.oneOrMore())
    })
  })
}

/**
 * Of a key with many values, one must be like what the policy names; negated, none may be. A key that the request does
 * not have has no value, and of no value every one passes and not one does: hence absent keys fail the plain operators
 * and `ForAnyValue:`, and pass the negated ones and `ForAllValues:`.
 */
function comparison(name: string, block: Content, variables: boolean) {
  const [, quantifier, base = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? []
  const operator = operators.get(base)
  if (!operator) throw block.refusal('is no condition operator')
  const { read, negated } = operator
  const every = quantifier === undefined ? negated : quantifier === 'ForAllValues'

  return (key: string, named: readonly Content[]): Condition => {
    const tests = named.map((content) => read(content, variables))
    return (context) => {
      const values = context.get(key) ?? []
      if (ifExists && values.length === 0) return true
      const passes = (value: string) => tests.some((test) => test(value, context)) !== negated
      return every ? values.every(passes) : values.some(passes)
    }
  }
}

function presence(key: string, named: readonly Content[]): Condition {
  const tests = named.map((content) => truth(content, false))
  return (context) => {
    const absent = String((context.get(key) ?? []).length === 0)
    return tests.some((test) => test(absent, context))
  }
}

/** One address or a range. A range of IPv6 holds no address of IPv4; one of IPv4 holds it mapped into IPv6, too. */
function addresses(content: Content): Test {
  const [address = '', prefix, ...more] = content.text().split('/')
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  const size = family === 'ipv4' ? 32 : 128
  const bits = Number(prefix ?? size)
  if (isIP(address) === 0 || more.length > 0 || !/^\d+$/.test(prefix ?? '0') || bits > size) {
    throw content.refusal('must be an IP address or a range such as 203.0.113.0/24')
  }
  const range = new BlockList()
  range.addSubnet(address, bits, family)
  return (value) => {
    if (isIPv4(value)) return family === 'ipv4' && range.check(value, 'ipv4')
    return isIPv6(value) && range.check(value, 'ipv6')
  }
}

/** Each of the six parts of an ARN is matched by itself; the last runs to the end, colons and all. */
function arn(content: Content, variables: boolean): Test {
  const named = splitAtColons(readPattern(content, { variables, wildcards: true, foldCase: false }), 6)
  if (named.length < 6) throw content.refusal('must be an ARN: six parts with colons between them')
  return (value, context) => {
    const [partition, ...given] = value.split(':')
    const parts = [partition, ...given.slice(0, 4), given.slice(4).join(':')]
    return given.length >= 5 && named.every((pattern, at) => matches(pattern, parts[at] ?? '', context))
  }
}

function numberIn(text: string): number | undefined {
  return /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
}

/** Four digits are a year, as W3C has it; any other number counts seconds. */
function instantIn(text: string): Instant | undefined {
  const seconds = numberIn(text)
  return instantFromIso(text) ?? (seconds === undefined ? undefined : seconds * 1000)
}

function truthIn(text: string): boolean | undefined {
  const folded = text.toLowerCase()
  return folded === 'true' || (folded === 'false' ? false : undefined)
}

function bytesIn(text: string): Buffer | undefined {
  const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
  return base64.test(text) ? Buffer.from(text, 'base64') : undefined
}
