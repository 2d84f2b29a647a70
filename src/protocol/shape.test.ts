import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { outcome, outcomeOf } from '../../test/outcome.ts'
import { pattern } from './pattern.ts'
import {
  type AnyShape,
  blob,
  check,
  document,
  holdsSensitive,
  integer,
  list,
  map,
  oneOf,
  required,
  string,
  struct,
  timestamp,
} from './shape.ts'

const one = (violation: string) => `1 validation error detected: ${violation}`
const failed = (value: string, constraint: string, path = 'aim') =>
  `Value${value} at '${path}' failed to satisfy constraint: ${constraint}`

describe('a violation', () => {
  const word = string({ min: 2, max: 4, pattern: pattern('[a-z]+') })
  const lengthAtLeast = (min: number) => `Member must have length greater than or equal to ${min}`
  const lengthAtMost = (max: number) => `Member must have length less than or equal to ${max}`
  const like = 'Member must satisfy regular expression pattern: [a-z]+'
  const wordInBrackets = `[${lengthAtMost(4)}, ${lengthAtLeast(2)}, ${like}]`
  const pair = struct({ Name: required(string()), Value: string({ max: 2 }) })
  const missing = 'Member must not be null'

  const rows: [what: string, shape: AnyShape, json: unknown, violations: string[]][] = [
    ['a text too short', word, 'a', [failed(" 'a'", lengthAtLeast(2))]],
    ['a text too long', word, 'abcde', [failed(" 'abcde'", lengthAtMost(4))]],
    ['a text of another pattern', word, 'a1', [failed(" 'a1'", like)]],
    ['several at once', word, '', [failed(" ''", lengthAtLeast(2)), failed(" ''", like)]],
    ['a length in UTF-16 units', string({ max: 3 }), '😀😀', [failed(" '😀😀'", lengthAtMost(3))]],
    [
      'an unknown value of an enum',
      oneOf('A', 'B'),
      'C',
      [failed(" 'C'", 'Member must satisfy enum value set: [A, B]')],
    ],
    ['a case of an enum', oneOf('A'), 'a', [failed(" 'a'", 'Member must satisfy enum value set: [A]')]],
    [
      'a name of every object',
      oneOf('A'),
      'toString',
      [failed(" 'toString'", 'Member must satisfy enum value set: [A]')],
    ],
    [
      'a number too small',
      integer({ min: 1 }),
      0,
      [failed(" '0'", 'Member must have value greater than or equal to 1')],
    ],
    [
      'a number too large',
      integer({ max: 60 }),
      61,
      [failed(" '61'", 'Member must have value less than or equal to 60')],
    ],
    ['a number cut to a bound', integer({ max: 60 }), 60.9, []],
    [
      'bytes too many',
      blob({ max: 2 }),
      'AAAA',
      [failed(" 'java.nio.HeapByteBuffer[pos=0 lim=3 cap=3]'", lengthAtMost(2))],
    ],
    [
      'a list of texts, whole',
      list(word),
      ['ok', 'x', '9'],
      [failed(" '[ok, x, 9]'", `Member must satisfy constraint: ${wordInBrackets}`)],
    ],
    [
      'a list of an enum, whole',
      list(oneOf('A', 'B')),
      ['A', 'x'],
      [failed(" '[A, x]'", 'Member must satisfy constraint: [Member must satisfy enum value set: [A, B]]')],
    ],
    [
      'a list of numbers, whole',
      list(integer({ min: 1, max: 3 })),
      [4],
      [
        failed(
          " '[4]'",
          'Member must satisfy constraint: [Member must have value less than or equal to 3, Member must have value greater than or equal to 1]',
        ),
      ],
    ],
    ['a list too short', list(word, { min: 1 }), [], [failed(" '[]'", lengthAtLeast(1))]],
    ['a list short of what is null', list(word, { min: 1 }), [null], [failed(" '[]'", lengthAtLeast(1))]],
    [
      'a list too long, and of the wrong words',
      list(word, { max: 1 }),
      ['ok', '?'],
      [
        failed(" '[ok, ?]'", lengthAtMost(1)),
        failed(" '[ok, ?]'", `Member must satisfy constraint: ${wordInBrackets}`),
      ],
    ],
    [
      'members of a list of structures, each in its place',
      list(pair),
      [{ Name: 'a' }, { Value: 'abc' }],
      [
        failed(' null', missing, 'aim.2.member.name'),
        failed(" 'abc'", lengthAtMost(2), 'aim.2.member.value'),
      ],
    ],
    [
      'a list of structures too long, only what is declared in it',
      list(pair, { max: 1 }),
      [
        { Name: 'a', Else: [[]] },
        { Name: 'b', Value: 'c' },
      ],
      [failed(" '[{Name=a}, {Name=b, Value=c}]'", lengthAtMost(1))],
    ],
    [
      'a key of a map',
      map(word, string()),
      { x: 'y' },
      [failed(" '{x=y}'", `Map keys must satisfy constraint: ${wordInBrackets}`)],
    ],
    [
      'a value of a map',
      map(string(), word),
      { x: 'y' },
      [failed(" '{x=y}'", `Map value must satisfy constraint: ${wordInBrackets}`)],
    ],
    ['a map too small', map(string(), string(), { min: 1 }), {}, [failed(" '{}'", lengthAtLeast(1))]],
    [
      'a map too large',
      map(string(), string(), { max: 1 }),
      { a: 'b', c: 'd' },
      [failed(" '{a=b, c=d}'", lengthAtMost(1))],
    ],
    [
      'structures in a map',
      map(string(), pair),
      { key: {} },
      [failed(' null', missing, 'aim.key.member.name')],
    ],
    [
      'structures in structures',
      struct({ Inner: pair }),
      { Inner: {} },
      [failed(' null', missing, 'aim.inner.name')],
    ],
  ]
  for (const [what, shape, json, violations] of rows) {
    test(what, () => {
      const expected =
        violations.length === 0
          ? 'object'
          : `${violations.length} validation error${violations.length > 1 ? 's' : ''} detected: ${violations.join('; ')}`
      const found = outcome(shape, json)
      assert.equal(violations.length === 0 ? typeof found : found, expected)
    })
  }

  test('of what is required and missing', () => {
    const shape = struct({
      UserPoolId: required(string()),
      MFAOptions: required(list(pair)),
      Other: string(),
    })
    const found = [failed(' null', missing, 'userPoolId'), failed(' null', missing, 'mFAOptions')]
    assert.equal(outcomeOf(shape, {}), `2 validation errors detected: ${found.join('; ')}`)
    assert.equal(
      outcomeOf(shape, { userPoolId: 'a', MFAOptions: [] }),
      one(failed(' null', missing, 'userPoolId')),
    )
  })

  test('of a request with very many', () => {
    const json = Array.from({ length: 200_000 }, () => ({}))
    assert.match(String(outcome(list(pair), json)), /^200000 validation errors detected: /)
  })

  test('of something nested very deep is answered like any other', () => {
    const deep = JSON.parse(`${'{"Else":'.repeat(100_000)}1${'}'.repeat(100_000)}`)
    const found = outcome(list(pair, { max: 1 }), [
      { Name: 'a', Else: deep },
      { Name: 'b', Value: 'c' },
    ])
    assert.equal(found, one(failed(" '[{Name=a}, {Name=b, Value=c}]'", lengthAtMost(1))))
  })
})

describe('what is sensitive is never shown', () => {
  const secret = string({ min: 100, pattern: pattern('[a]+'), sensitive: true })
  const plain = string({ min: 100 })
  const marked = { sensitive: true }
  const shapes: [what: string, shape: AnyShape, json: unknown, paths: string[]][] = [
    ['a text', secret, 'hush', ['aim', 'aim']],
    ['a list of such texts', list(secret, { min: 2 }), ['hush'], ['aim', 'aim']],
    [
      'a list of structures with one',
      list(struct({ S: secret }), { min: 2 }),
      [{ S: 'hush' }],
      ['aim.1.member.s', 'aim.1.member.s', 'aim'],
    ],
    ['a map of such texts', map(plain, secret), { hush: 'hush' }, ['aim', 'aim']],
    ['a map with such keys', map(secret, plain), { hush: 'hush' }, ['aim', 'aim']],
    ['a map that is', map(plain, plain, marked), { hush: 'hush' }, ['aim', 'aim']],
    ['a text in a structure that is', struct({ P: plain }, marked), { P: 'hush' }, ['aim.p']],
    ['a list in a structure that is', struct({ L: list(plain) }, marked), { L: ['hush'] }, ['aim.l']],
    ['an enum in a structure that is', struct({ E: oneOf('A') }, marked), { E: 'hush' }, ['aim.e']],
    [
      'a text far inside',
      struct({ A: list(struct({ B: map(string(), struct({ C: plain })) })) }, marked),
      { A: [{ B: { k: { C: 'hush' } } }] },
      ['aim.a.1.member.b.k.member.c'],
    ],
    [
      'a text in a structure in a map that is',
      map(string(), struct({ P: plain }), marked),
      { k: { P: 'hush' } },
      ['aim.k.member.p'],
    ],
    ['a number in a structure that is', struct({ N: integer({ max: 1 }) }, marked), { N: 1234 }, ['aim.n']],
  ]
  for (const [what, shape, json, paths] of shapes) {
    test(what, () => {
      const message = String(outcome(shape, json))
      assert.doesNotMatch(message, /hush|1234/)
      assert.deepEqual(
        [...message.matchAll(/Value(.*?) at '(.+?)' failed/g)].map(([, shown, path]) => [shown, path]),
        paths.map((path) => ['', path]),
      )
      assert.ok(holdsSensitive(shape))
    })
  }

  test('nor is its absence', () => {
    const shape = struct({
      Secret: required(secret),
      Inner: required(struct({ P: required(plain) }, marked)),
    })
    const missing = 'Member must not be null'
    assert.equal(
      outcomeOf(shape, { Inner: {} }),
      `2 validation errors detected: ${failed('', missing, 'secret')}; ${failed('', missing, 'inner.p')}`,
    )
  })

  test('but its neighbours are', () => {
    const shape = list(struct({ Name: string({ max: 1 }), Value: secret }))
    assert.match(
      String(outcome(shape, [{ Name: 'shown', Value: 'hush' }])),
      /Value 'shown' at 'aim\.1\.member\.name'/,
    )
    assert.ok(!holdsSensitive(list(struct({ Name: plain }))))
  })
})

describe('a map takes any key', () => {
  const shape = map(string({ min: 1 }), string())
  const json = '{"__proto__":"a","constructor":"b","toString":"c"}'

  test('on the way in, without touching a prototype', () => {
    const { Aim } = check(struct({ Aim: shape }), { Aim: JSON.parse(json) }) as { Aim: object }
    assert.deepEqual(Object.keys(Aim), ['__proto__', 'constructor', 'toString'])
    assert.equal(Object.getPrototypeOf(Aim), Object.prototype)
    assert.equal(({} as { a?: string }).a, undefined)
  })

  test('and on the way out', () => {
    assert.equal(JSON.stringify(shape.write(JSON.parse(json))), json)
  })
})

describe('on the way out', () => {
  const shape = struct({
    Name: string(),
    At: timestamp,
    Data: blob(),
    Inner: struct({ Kind: oneOf('A') }),
    Items: list(struct({ Name: string() })),
    Named: map(string(), struct({ Name: string() })),
    Settings: document,
  })

  test('only what is declared leaves, at every depth', () => {
    const value = {
      Name: 'a',
      At: 1_529_780_954_263,
      Data: Buffer.of(1, 2, 3),
      Inner: { Kind: 'A', hidden: 1 },
      Items: [{ Name: 'b', hidden: 1 }],
      Named: { key: { Name: 'c', hidden: 1 } },
      Settings: { any: ['thing'] },
      hidden: 1,
    } as never
    assert.deepEqual(shape.write(value), {
      Name: 'a',
      At: 1_529_780_954.263,
      Data: 'AQID',
      Inner: { Kind: 'A' },
      Items: [{ Name: 'b' }],
      Named: { key: { Name: 'c' } },
      Settings: { any: ['thing'] },
    })
  })

  test('undefined is absent', () => {
    assert.equal(JSON.stringify(shape.write({ Name: undefined })), '{}')
  })
})
