import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { outcome, outcomeOf } from '../../test/outcome.ts'
import {
  type AnyShape,
  blob,
  boolean,
  document,
  integer,
  list,
  map,
  oneOf,
  required,
  string,
  struct,
  timestamp,
} from './shape.ts'

describe('the front end', () => {
  const startOfList = 'type: Start of list found where not expected'
  const startOfMap = 'type: Start of structure or map found where not expected.'
  const cannot = (token: string, wanted: string) => `type: ${token}_VALUE can not be converted to ${wanted}`

  const targets: Record<string, { shape: AnyShape; scalar?: string; other?: string; accepts: string[] }> = {
    Integer: { shape: integer(), scalar: 'an Integer', accepts: ['integer', 'fraction'] },
    Long: { shape: integer({ kind: 'long' }), scalar: 'a Long', accepts: ['integer', 'fraction'] },
    String: { shape: string(), scalar: 'a String', accepts: ['string'] },
    enum: { shape: oneOf('text'), scalar: 'a String', accepts: ['string'] },
    blob: { shape: blob(), scalar: 'a String', accepts: ['string'] },
    Boolean: { shape: boolean, scalar: 'a Boolean', accepts: ['true', 'false'] },
    Timestamp: { shape: timestamp, scalar: 'a Timestamp', accepts: ['integer', 'fraction'] },
    list: { shape: list(string()), other: 'type: Expected list or null', accepts: ['array'] },
    map: { shape: map(string(), string()), other: 'type: Expected map or null', accepts: ['object'] },
    struct: { shape: struct({}), other: 'type: Expected null', accepts: ['object'] },
    document: {
      shape: document,
      accepts: ['string', 'integer', 'fraction', 'true', 'false', 'array', 'object'],
    },
  }
  const given: [name: string, json: unknown, token: string][] = [
    ['string', 'text', 'STRING'],
    ['integer', 7, 'NUMBER'],
    ['fraction', 1.5, 'NUMBER'],
    ['true', true, 'TRUE'],
    ['false', false, 'FALSE'],
    ['array', [], startOfList],
    ['object', {}, startOfMap],
  ]
  const read: Record<string, unknown> = {
    'Integer fraction': 1,
    'Long fraction': 1,
    'Timestamp integer': 7000,
    'Timestamp fraction': 1500,
    'blob string': Buffer.from('text', 'base64'),
  }

  for (const [target, { shape, scalar, other, accepts }] of Object.entries(targets)) {
    for (const [name, json, token] of given) {
      const refused = token.startsWith('type') ? token : (other ?? cannot(token, scalar ?? ''))
      const expected = accepts.includes(name) ? { Aim: read[`${target} ${name}`] ?? json } : refused
      test(`${name} for ${target}`, () => assert.deepEqual(outcome(shape, json), expected))
    }
    test(`null for ${target} is absent`, () => {
      assert.deepEqual(outcome(shape, null), {})
      assert.equal(
        outcomeOf(struct({ Aim: required(shape) }), { Aim: null }),
        outcomeOf(struct({ Aim: required(shape) }), {}),
      )
    })
  }

  test('a null in a list or a map is no member', () => {
    assert.deepEqual(outcome(list(string()), ['a', null, 'b']), { Aim: ['a', 'b'] })
    assert.deepEqual(outcome(map(string(), string()), { a: null, b: 'c' }), { Aim: { b: 'c' } })
  })

  test('unknown members are ignored, whatever they are', () => {
    const inner = struct({ Known: string() })
    const json = { Known: 'a', known: 1, Other: { deep: [[]] }, toString: 2 }
    assert.deepEqual(outcome(inner, json), { Aim: { Known: 'a' } })
    assert.deepEqual(outcome(inner, JSON.parse('{"__proto__": {"Known": "b"}}')), { Aim: {} })
    assert.deepEqual(outcomeOf(struct({ constructor: string() }), {}), {})
  })

  test('a wrong type anywhere beats every violation before it', () => {
    const shape = struct({
      First: required(string({ min: 1 })),
      Second: list(struct({ Name: string({ min: 1 }), Count: integer() })),
    })
    const json = { First: '', Second: [{ Name: '' }, { Name: '', Count: '1' }] }
    assert.equal(outcomeOf(shape, json), cannot('STRING', 'an Integer'))
  })

  test('numbers that the target cannot hold', () => {
    const wanted = { Integer: 2 ** 31 - 1, Long: Number.MAX_SAFE_INTEGER, Timestamp: 8.64e12 }
    for (const [target, most] of Object.entries(wanted)) {
      const { shape, scalar = '' } = targets[target] ?? assert.fail()
      assert.equal(typeof outcome(shape, most), 'object', target)
      assert.equal(typeof outcome(shape, -most), 'object', target)
      for (const json of [most + 1, -most - 1, JSON.parse('1e400')]) {
        assert.equal(outcome(shape, json), cannot('NUMBER', scalar), `${target} ${json}`)
      }
    }
    assert.deepEqual(outcome(integer({ min: 0 }), -0.5), { Aim: 0 })
  })

  test('base64 that is none', () => {
    for (const text of ['a', 'ab=', 'a===', 'ab-_', 'abc!', 'ab==ab==', ' abc']) {
      assert.equal(outcome(blob(), text), 'malformed', text)
    }
    assert.deepEqual(outcome(blob(), '+/8='), { Aim: Buffer.of(0xfb, 0xff) })
  })

  test('a document is kept as it is, down to a depth that no program overflows at', () => {
    const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`)
    const json = { a: [1, null, { b: true }], ['__proto__']: {} }
    assert.deepEqual(outcome(document, json), { Aim: json })
    assert.deepEqual(outcome(document, nested(100)), { Aim: nested(100) })
    for (const levels of [101, 500_000]) assert.equal(outcome(document, nested(levels)), 'malformed')
  })
})
