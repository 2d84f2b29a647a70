import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { freshSchema } from '../../test/pools.ts'
import { Fault } from './faults.ts'
import { type AttributeRequest, createSchema, standardAttributes, withCustom } from './schema.ts'

const named = (schema: ReturnType<typeof createSchema>, name: string) =>
  schema.find(({ Name }) => Name === name)
const refusedWith = (message: string) => (error: unknown) => {
  assert.ok(error instanceof Fault)
  assert.deepEqual([error.code, error.message], ['InvalidParameter', message])
  return true
}

test('a pool begins with the standard attributes', () => assert.deepEqual(createSchema([]), freshSchema))

describe('a standard attribute', () => {
  const standard = named(standardAttributes, 'email')
  for (const [request, changed] of [
    [
      { Name: 'email', Required: true, Mutable: true },
      { Required: true, Mutable: true },
    ],
    [
      { Name: 'email', Required: true },
      { Required: true, Mutable: false },
    ],
    [{ Name: 'email' }, { Mutable: false }],
    [{ Name: 'email', Mutable: true, AttributeDataType: 'String', DeveloperOnlyAttribute: false }, {}],
    [
      { Name: 'email', Mutable: true, StringAttributeConstraints: { MinLength: '3', MaxLength: '99' } },
      { StringAttributeConstraints: { MinLength: '3', MaxLength: '99' } },
    ],
    [{ Name: 'email', Mutable: true, NumberAttributeConstraints: { MinValue: '3' } }, {}],
  ] as const) {
    test(`is changed by ${JSON.stringify(request)}`, () => {
      const schema = createSchema([request])
      assert.deepEqual(named(schema, 'email'), { ...standard, ...changed })
      assert.deepEqual(
        schema.map(({ Name }) => Name),
        standardAttributes.map(({ Name }) => Name),
      )
    })
  }

  test('sub is what it is', () =>
    assert.deepEqual(createSchema([{ Name: 'sub', Required: false, Mutable: true }]), standardAttributes))

  const fixed =
    'You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email'
  for (const request of [
    { Name: 'email', AttributeDataType: 'Number' },
    { Name: 'email', DeveloperOnlyAttribute: true },
  ] as const) {
    test(`is not changed by ${JSON.stringify(request)}`, () =>
      assert.throws(() => createSchema([request]), refusedWith(fixed)))
  }
})

describe('a custom attribute', () => {
  const plain = { DeveloperOnlyAttribute: false, Mutable: false, Required: false }
  const text = { Name: 'a', AttributeDataType: 'String' } as const
  const number = { Name: 'a', AttributeDataType: 'Number' } as const
  for (const [request, attribute] of [
    [text, { ...text, ...plain, Name: 'custom:a', StringAttributeConstraints: {} }],
    [number, { ...number, ...plain, Name: 'custom:a', NumberAttributeConstraints: {} }],
    [
      { Name: 'a', AttributeDataType: 'Boolean', Mutable: true },
      { ...plain, Name: 'custom:a', AttributeDataType: 'Boolean', Mutable: true },
    ],
    [
      { Name: 'a', AttributeDataType: 'DateTime', StringAttributeConstraints: { MinLength: '1' } },
      { ...plain, Name: 'custom:a', AttributeDataType: 'DateTime' },
    ],
    [
      { ...text, DeveloperOnlyAttribute: true },
      {
        ...text,
        ...plain,
        Name: 'dev:custom:a',
        DeveloperOnlyAttribute: true,
        StringAttributeConstraints: {},
      },
    ],
    [
      { ...number, NumberAttributeConstraints: { MinValue: '-9', MaxValue: '9' } },
      {
        ...number,
        ...plain,
        Name: 'custom:a',
        NumberAttributeConstraints: { MinValue: '-9', MaxValue: '9' },
      },
    ],
  ] as const) {
    test(`is made by ${JSON.stringify(request)}`, () => {
      assert.deepEqual(createSchema([request]), [...standardAttributes, attribute])
      assert.deepEqual(withCustom(standardAttributes, [request]), [...standardAttributes, attribute])
    })
  }

  test('may be called like a standard one when it is added later', () =>
    assert.equal(withCustom(standardAttributes, [{ ...text, Name: 'email' }]).at(-1)?.Name, 'custom:email'))

  const notANumber = 'Attribute custom:a has a constraint that is not a number.'
  const upTo = (count: number): AttributeRequest[] =>
    Array.from({ length: count }, (_, index) => ({ ...text, Name: `n${index}` }))
  for (const [what, requests, message] of [
    [
      'twice',
      [text, text],
      'Duplicate custom attribute names custom:a are not allowed in a user pool schema.',
    ],
    [
      'by no name',
      [{ AttributeDataType: 'String' }],
      'Invalid attribute name, a custom attribute must have a name.',
    ],
    [
      'of no type',
      [{ Name: 'a' }],
      'Invalid AttributeDataType input, consider using the provided AttributeDataType enum.',
    ],
    [
      'that is required',
      [{ ...text, Required: true }],
      'Required custom attributes are not supported currently.',
    ],
    [
      'with no length that fits',
      [{ ...text, StringAttributeConstraints: { MinLength: '10', MaxLength: '9' } }],
      "Attribute custom:a cannot have a max length shorter than it's min length",
    ],
    [
      'with no value that fits',
      [{ ...number, NumberAttributeConstraints: { MinValue: '0', MaxValue: '-1' } }],
      "Attribute custom:a cannot have a max value smaller than it's min value",
    ],
    ['with a length of words', [{ ...text, StringAttributeConstraints: { MinLength: 'two' } }], notANumber],
    ['with no length', [{ ...text, StringAttributeConstraints: { MaxLength: '' } }], notANumber],
    ['with a fraction', [{ ...number, NumberAttributeConstraints: { MinValue: '0.5' } }], notANumber],
    [
      'with a number beyond 2^1023',
      [{ ...number, NumberAttributeConstraints: { MaxValue: `9${'0'.repeat(307)}` } }],
      notANumber,
    ],
    ['that is the 51st', upTo(51), 'A user pool can have at most 50 custom attributes.'],
  ] as const) {
    test(`is not made ${what}`, () => assert.throws(() => createSchema(requests), refusedWith(message)))
  }

  test('may be the 50th', () => assert.equal(createSchema(upTo(50)).length, standardAttributes.length + 50))

  test('is not made by a name that is there', () => {
    const schema = createSchema([text])
    assert.throws(
      () => withCustom(schema, [number]),
      refusedWith('custom:a: Existing attribute already has name custom:a.'),
    )
  })
})
