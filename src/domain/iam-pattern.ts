import type { Content } from '../lib/content.ts'
import { type Glob, glob, globMatches, literal } from '../lib/glob.ts'

/** What a request says of itself: the names of condition keys in lower case, each with its values. */
export type Context = ReadonlyMap<string, readonly string[]>

/** A text of a policy to hold against a value: fixed text, wildcards, and variables that the request fills. */
export interface Pattern {
  readonly parts: readonly (Glob | Variable)[]
  readonly foldCase: boolean
}

interface Variable {
  readonly key: string
  readonly otherwise: string | undefined
}

export interface PatternStyle {
  /** Whether `${…}` is a variable: since 2012-10-17 it is, before it is text like any other. */
  readonly variables: boolean
  /** Whether `*` and `?` are wildcards. */
  readonly wildcards: boolean
  readonly foldCase: boolean
}

const colon = 0x3a
const token =
  /\$\{(?<sign>[*?$])\}|\$\{(?<name>[^,'{}]+)(?:,\s*'(?<otherwise>[^']*)'\s*)?\}|(?<broken>\$\{)|(?<text>[^$]+|\$)/g

export function readPattern(content: Content, style: PatternStyle): Pattern {
  const written = style.foldCase ? content.scalar().toLowerCase() : content.scalar()
  const fixed = style.wildcards ? glob : literal
  const parts: (Glob | Variable)[] = []
  const add = (units: Glob) => {
    const last = parts.at(-1)
    if (last && isFixed(last)) parts.splice(-1, 1, [...last, ...units])
    else parts.push(units)
  }

  if (!style.variables) add(fixed(written))
  else {
    for (const { groups = {} } of written.matchAll(token)) {
      const { sign, name, otherwise, broken, text } = groups
      if (broken) throw content.refusal("has a '${' that begins no policy variable")
      if (sign) add(literal(sign))
      if (text) add(fixed(text))
      if (name) parts.push({ key: keyOf(name, content), otherwise })
    }
  }
  return { parts, foldCase: style.foldCase }
}

/** Whether the value is what the pattern says. A pattern with a variable that has no value is like no value. */
export function matches(pattern: Pattern, value: string, context: Context): boolean {
  const filled = fill(pattern, context)
  return filled !== undefined && globMatches(filled, pattern.foldCase ? value.toLowerCase() : value)
}

/**
 * The pattern with its variables put in, or nothing when one of them has no value. What is put in stands for itself: a
 * user named `*` is no wildcard. A key of many values cannot be a variable:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function fill(pattern: Pattern, context: Context): Glob | undefined {
  const [only] = pattern.parts
  if (only === undefined) return []
  if (pattern.parts.length === 1 && isFixed(only)) return only
  const filled: Glob[] = []
  for (const part of pattern.parts) {
    if (isFixed(part)) filled.push(part)
    else {
      const values = context.get(part.key) ?? []
      const value = values.length === 1 ? values[0] : part.otherwise
      if (value === undefined) return undefined
      filled.push(literal(pattern.foldCase ? value.toLowerCase() : value))
    }
  }
  return filled.flat()
}

/** The pattern cut at its first colons into at most so many parts. A colon that a variable brings does not cut. */
export function splitAtColons(pattern: Pattern, limit: number): Pattern[] {
  const pieces: (Glob | Variable)[][] = [[]]
  for (const part of pattern.parts) {
    if (!isFixed(part)) pieces.at(-1)?.push(part)
    else {
      let rest = part
      for (let cut = rest.indexOf(colon); cut >= 0 && pieces.length < limit; cut = rest.indexOf(colon)) {
        pieces.at(-1)?.push(rest.slice(0, cut))
        pieces.push([])
        rest = rest.slice(cut + 1)
      }
      pieces.at(-1)?.push(rest)
    }
  }
  return pieces.map((parts) => ({ parts, foldCase: pattern.foldCase }))
}

export function hasVariable(pattern: Pattern): boolean {
  return !pattern.parts.every(isFixed)
}

function isFixed(part: Glob | Variable): part is Glob {
  return Array.isArray(part)
}

function keyOf(name: string, content: Content): string {
  const key = name.trim().toLowerCase()
  if (!/^[\w.-]+:./.test(key)) throw content.refusal('has a policy variable that is no condition key')
  return key
}
