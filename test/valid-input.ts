import type { Operation } from '../src/protocol/operation.ts'
import { type AnyShape, check, isRequired, shapeOf } from '../src/protocol/shape.ts'

type Json = Record<string, unknown>

/**
 * Input that an operation's declared shapes accept: what is required, or every member at every depth. Members of the
 * input that are `given` take those values.
 */
export function validInput(
  operation: Operation,
  given: Json = {},
  members: 'required' | 'all' = 'required',
): Json {
  const own = Object.keys(operation.input.facts.members ?? {})
  const wanted = Object.entries(given).filter(([name]) => own.includes(name))
  const input = { ...(sample(operation.input, members) as Json), ...Object.fromEntries(wanted) }
  check(operation.input, input)
  return input
}

function sample(shape: AnyShape, wanted: 'required' | 'all'): unknown {
  const { min = 0, max, key, member, members = {} } = shape.facts
  const count = Math.max(min, wanted === 'all' ? 1 : 0)
  switch (shape.kind) {
    case 'struct': {
      const fields = Object.entries(members).filter(([_, field]) => wanted === 'all' || isRequired(field))
      return Object.fromEntries(fields.map(([name, field]) => [name, sample(shapeOf(field), wanted)]))
    }
    case 'list':
      return Array.from({ length: count }, () => member && sample(member, wanted))
    case 'map':
      return Object.fromEntries(
        Array.from({ length: count }, () => [key && text(key), member && sample(member, wanted)]),
      )
    case 'string':
      return text(shape)
    case 'integer':
    case 'long':
      return Math.min(Math.max(min, 1), max ?? Number.POSITIVE_INFINITY)
    case 'boolean':
      return true
    case 'timestamp':
      return 1_795_435_200
    case 'blob':
      return Buffer.alloc(min).toString('base64')
    case 'document':
      return {}
  }
}

/** Texts, one of which is sure to please a pattern of the model when it is filled up to the length. */
const texts = [
  'a',
  '0',
  '123456',
  'us-east-1_Absent123',
  'us-east-1_0a',
  'a@example.com',
  'arn:aws:lambda:us-east-1:123456789012:function:a',
  'arn:aws:s3:::a',
  'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Absent123',
  'Your code is {####}.',
  'Follow {##this link##}.',
  '01234567-89ab-4cde-8f01-23456789abcd',
  'cognito:english',
  'privacy-policy',
  'import-a',
]

function text(shape: AnyShape): string {
  const { min = 0, enum: values } = shape.facts
  if (values?.[0] !== undefined) return values[0]
  const found = texts.map((one) => one.padEnd(min, 'a')).find((one) => accepts(shape, one))
  if (found === undefined)
    throw new Error(`test/valid-input.ts has no text like ${JSON.stringify(shape.facts)}`)
  return found
}

function accepts(shape: AnyShape, value: unknown): boolean {
  try {
    check(shape, value)
    return true
  } catch {
    return false
  }
}
