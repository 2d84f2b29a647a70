import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Attributes, attributeList, attributesOf, checkAttributes, checkRequired } from './attribute.ts'
import { Fault } from './faults.ts'
import { createSchema } from './schema.ts'

const schema = createSchema([
  { Name: 'email', Required: true, Mutable: true },
  { Name: 'name', Required: true, Mutable: false },
  {
    Name: 'text',
    AttributeDataType: 'String',
    Mutable: true,
    StringAttributeConstraints: { MinLength: '2', MaxLength: '4' },
  },
  { Name: 'free', AttributeDataType: 'String', Mutable: true },
  {
    Name: 'number',
    AttributeDataType: 'Number',
    Mutable: true,
    NumberAttributeConstraints: { MinValue: '-5', MaxValue: '5' },
  },
  { Name: 'any', AttributeDataType: 'Number', Mutable: true },
  { Name: 'flag', AttributeDataType: 'Boolean', Mutable: true },
  { Name: 'since', AttributeDataType: 'DateTime', Mutable: true },
  { Name: 'once', AttributeDataType: 'String', Mutable: false },
])

function refusalOf(check: () => void): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    assert.ok(error instanceof Fault)
    assert.equal(error.code, 'InvalidParameter')
    return error.message
  }
}

test('attributes go from list to record and back, the last of a name wins', () => {
  const record = { email: 'b', 'custom:a': '' }
  assert.deepEqual(
    attributesOf([{ Name: 'email', Value: 'a' }, { Name: 'custom:a' }, { Name: 'email', Value: 'b' }]),
    record,
  )
  assert.deepEqual(attributeList(record), [
    { Name: 'email', Value: 'b' },
    { Name: 'custom:a', Value: '' },
  ])
})

describe('a value', () => {
  const shorter = 'String must be longer than or equal to 2 characters'
  const longer = 'String must be no longer than 4 characters'
  const notANumber = 'Attribute value is not a number'
  const notABoolean = 'Attribute value is not a boolean'
  const notADate = 'Attribute value is not a date'
  for (const [name, value, misfit] of [
    ['custom:text', 'ab', undefined],
    ['custom:text', 'abcd', undefined],
    ['custom:text', 'a', shorter],
    ['custom:text', '', shorter],
    ['custom:text', 'abcde', longer],
    ['custom:free', '', undefined],
    ['custom:free', 'x'.repeat(2048), undefined],
    ['custom:free', 'a\0b', 'Attribute value has a character that cannot be stored'],
    ['birthdate', '2000-01-01', undefined],
    ['birthdate', '2000-1-1', 'String must be longer than or equal to 10 characters'],
    ['custom:number', '5', undefined],
    ['custom:number', '-5', undefined],
    ['custom:number', '4.5', undefined],
    ['custom:number', '5.1', 'Number must be less than or equal to 5'],
    ['custom:number', '-6', 'Number must be greater than or equal to -5'],
    ['custom:number', 'five', notANumber],
    ['custom:number', '', notANumber],
    ['custom:number', '1e3', notANumber],
    ['custom:number', '0x1', notANumber],
    ['custom:number', ' 1', notANumber],
    ['custom:any', '9'.repeat(19), undefined],
    ['custom:any', '9'.repeat(20), notANumber],
    ['updated_at', '-1', 'Number must be greater than or equal to 0'],
    ['custom:flag', 'true', undefined],
    ['custom:flag', 'FALSE', undefined],
    ['custom:flag', 'yes', notABoolean],
    ['email_verified', '1', notABoolean],
    ['custom:since', '2026-11-23T12:00:00Z', undefined],
    ['custom:since', '1795435200', undefined],
    ['custom:since', 'yesterday', notADate],
  ] as const) {
    test(`${JSON.stringify(value).slice(0, 30)} of ${name}: ${misfit ?? 'fits'}`, () =>
      assert.equal(
        refusalOf(() => checkAttributes(schema, { [name]: value }, 'creating')),
        misfit && `Attributes did not conform to the schema: ${name}: ${misfit}`,
      ))
  }

  test('all that do not fit are named', () =>
    assert.equal(
      refusalOf(() =>
        checkAttributes(schema, { 'custom:text': 'a', name: 'fits', 'custom:flag': 'yes' }, 'creating'),
      ),
      `Attributes did not conform to the schema: custom:text: ${shorter}\ncustom:flag: ${notABoolean}`,
    ))

  const email = 'Invalid email address format.'
  const phone = 'Invalid phone number format.'
  for (const [name, value, message] of [
    ['email', 'jane@example.com', undefined],
    ['email', 'jane+tag@sub.example', undefined],
    ['email', 'jane', email],
    ['email', '@example.com', email],
    ['email', 'jane@', email],
    ['email', 'a@b@c', email],
    ['email', 'jane doe@example.com', email],
    ['phone_number', '+15555550123', undefined],
    ['phone_number', '+1', undefined],
    ['phone_number', '15555550123', phone],
    ['phone_number', '+1 555 555 0123', phone],
    ['phone_number', '+', phone],
    ['phone_number', '+1234567890123456', phone],
  ] as const) {
    test(`${value} as ${name}: ${message ?? 'fits'}`, () =>
      assert.equal(
        refusalOf(() => checkAttributes(schema, { [name]: value }, 'updating')),
        message,
      ))
  }

  test('hostile addresses take no time', () => {
    const hostile = `${'a@'.repeat(1000)} `
    assert.equal(
      refusalOf(() => checkAttributes(schema, { email: hostile }, 'updating')),
      email,
    )
  })
})

describe('an attribute', () => {
  const unknown = (name: string) =>
    `Attributes did not conform to the schema: Type for attribute {${name}} could not be determined`
  const fixed = (name: string) => `user.${name}: Attribute cannot be updated.`
  for (const [name, value, creating, updating] of [
    ['custom:absent', 'x', unknown('custom:absent'), unknown('custom:absent')],
    ['text', 'ab', unknown('text'), unknown('text')],
    ['constructor', 'x', unknown('constructor'), unknown('constructor')],
    ['sub', 'x', fixed('sub'), fixed('sub')],
    ['identities', '[]', fixed('identities'), fixed('identities')],
    ['custom:once', 'x', undefined, fixed('custom:once')],
    ['name', 'x', undefined, fixed('name')],
    // An empty value takes an attribute away, where it may change at all.
    [
      'custom:number',
      '',
      'Attributes did not conform to the schema: custom:number: Attribute value is not a number',
      undefined,
    ],
    ['custom:once', '', undefined, fixed('custom:once')],
    ['sub', '', fixed('sub'), fixed('sub')],
  ] as const) {
    test(`${name} to ${JSON.stringify(value)}: ${creating ?? 'created'}, ${updating ?? 'updated'}`, () => {
      assert.equal(
        refusalOf(() => checkAttributes(schema, { [name]: value }, 'creating')),
        creating,
      )
      assert.equal(
        refusalOf(() => checkAttributes(schema, { [name]: value }, 'updating')),
        updating,
      )
    })
  }
})

describe('what is required', () => {
  const missing = (...names: string[]) =>
    `Attributes did not conform to the schema: ${names.map((name) => `${name}: The attribute is required`).join('\n')}`
  for (const [values, message] of [
    [{ email: 'a@example.com', name: 'a' }, undefined],
    [{ email: 'a@example.com' }, missing('name')],
    [{ email: '', name: 'a' }, missing('email')],
    [{}, missing('name', 'email')],
  ] as const satisfies [Attributes, string | undefined][]) {
    test(`${JSON.stringify(values)}: ${message === undefined ? 'is there' : 'is missing'}`, () =>
      assert.equal(
        refusalOf(() => checkRequired(schema, values)),
        message,
      ))
  }
})
