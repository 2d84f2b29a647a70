import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createContext, runInContext } from 'node:vm'
import fc from 'fast-check'
import { factShapes } from '../../test/model.ts'
import { javaPattern } from '../../test/oracle.ts'
import { operations } from '../api/registry.ts'
import { pattern } from './pattern.ts'
import { type AnyShape, shapeOf } from './shape.ts'

/** Every pattern of the service model, and those that the operations declare. */
const sources = new Set([
  ...Object.values(factShapes).flatMap((shape) => shape.pattern ?? []),
  ...[...operations.values()].flatMap(({ input, output }) => [...patternsIn(input), ...patternsIn(output)]),
])

function patternsIn(shape: AnyShape): string[] {
  const { pattern, key, member, members = {} } = shape.facts
  const inner = [key, member, ...Object.values(members).map(shapeOf)]
  const own = pattern === undefined ? [] : [pattern]
  return [...own, ...inner.flatMap((one) => (one === undefined ? [] : patternsIn(one)))]
}

const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
const beyond = ['é', '\u00a0', '\u0085', '\u2028', '٣', '中', '😀', '\ud83d', '\u{10ffff}']

/** One of every kind of character that the pattern tells apart, and the fixed texts in it. */
function alphabetOf(source: string): string[] {
  const classes = [...source.matchAll(/\[(?:\\.|[^\]\\])+\]|\\?./g)].map(([part]) => {
    try {
      return javaPattern(part)
    } catch {
      return /$^/
    }
  })
  const kinds = new Map<string, string>()
  for (const character of [...ascii, ...beyond]) {
    const kind = classes.map((one) => (one.test(character) ? 1 : 0)).join('')
    if (!kinds.has(kind)) kinds.set(kind, character)
  }
  return [
    ...kinds.values(),
    'a',
    'b',
    '0',
    '@',
    ':',
    '_',
    '{',
    '#',
    '{####}',
    '{##',
    '##}',
    'arn:',
    'import-',
  ]
}

describe('every pattern means what it says', () => {
  for (const source of sources) {
    test(source, () => {
      const { matches } = pattern(source)
      const expected = javaPattern(source)
      const texts = fc
        .array(fc.constantFrom(...alphabetOf(source)), { maxLength: 12 })
        .map((all) => all.join(''))
      fc.assert(
        fc.property(texts, (text) => assert.equal(matches(text), expected.test(text))),
        { numRuns: 3000, seed: 20_261_123 },
      )
    })
  }

  const examples: [source: string, value: string, is: boolean][] = [
    ['.*\\{####\\}.*', 'Your code is {####}.', true],
    ['.*\\{####\\}.*', '{####}', true],
    ['.*\\{####\\}.*', 'one\n{####}', false],
    ['.*\\{####\\}.*', '{###}', false],
    ['[\\S]+', 'no-break\u00a0space', true],
    ['[\\S]+', 'a b', false],
    ['[\\w\\s]+', 'a\u00a0b', false],
    ['(?s).*', 'one\ntwo', true],
    ['(?s).*', '', true],
    ['^[a-z]+$', 'one\n', false],
    ['[\\p{L}\\p{P}]+@[\\p{L}\\p{P}]+', 'a@b', true],
    ['[\\p{L}\\p{P}]+@[\\p{L}\\p{P}]+', '@@b', true],
    ['[\\p{L}\\p{P}]+@[\\p{L}\\p{P}]+', '@b', false],
    ['[\\p{L}\\p{P}]+@[\\p{L}\\p{P}]+', 'a@', false],
    ['[\\p{L}\\p{P}]+@[\\p{L}\\p{P}]+', 'a @b', false],
  ]
  for (const [source, value, is] of examples) {
    test(`${source} ${is ? 'takes' : 'refuses'} ${JSON.stringify(value)}`, () =>
      assert.equal(pattern(source).matches(value), is))
  }
})

/** Runs something that nothing else could stop: a regular expression at work leaves no turn to any timer. */
function within(milliseconds: number, work: () => void): void {
  runInContext('work()', createContext({ work }), { timeout: milliseconds })
}

const mebibyte = 1_048_576
const hostile = (repeated: string) => repeated.repeat(Math.ceil(mebibyte / repeated.length))
/** Refused by nearly every pattern, at the very end. */
const bad = '\n\u0000'

describe('no pattern can be made slow', () => {
  for (const source of sources) {
    test(source, () => {
      const { matches } = pattern(source)
      const starts = ['', 'arn:', 'arn:a:a:', 'a@', 'a_', 'import-', '{####}', '{##']
      within(20_000, () => {
        for (const repeated of new Set([
          ...alphabetOf(source),
          'a_',
          'a:',
          'a@',
          'a{##',
          'a##}',
          '-a',
          '.a',
        ])) {
          const text = hostile(repeated)
          matches(text)
          matches(`${text}${bad}`)
        }
        for (const start of starts) matches(`${start}${hostile('a')}${bad}`)
      })
    })
  }

  test('and a pattern that is would be noticed', () => {
    const text = `${hostile('{####}')}${bad}`
    const quadratic = /^(?:.*\{####\}.*)$/u
    assert.throws(() => within(500, () => quadratic.test(text)), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' })
    within(20_000, () => assert.equal(pattern('.*\\{####\\}.*').matches(text), false))
  })
})
