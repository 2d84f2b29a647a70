import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from './faults.ts'
import { parseFilter } from './filter.ts'

describe('a filter', () => {
  for (const [text, filter] of [
    ['', undefined],
    ['  ', undefined],
    ['username = "a"', { attribute: 'username', operator: '=', value: 'a' }],
    ['username="a"', { attribute: 'username', operator: '=', value: 'a' }],
    [' "email" ^= "a@" ', { attribute: 'email', operator: '^=', value: 'a@' }],
    ['email^="a"', { attribute: 'email', operator: '^=', value: 'a' }],
    [
      'cognito:user_status = "CONFIRMED"',
      { attribute: 'cognito:user_status', operator: '=', value: 'CONFIRMED' },
    ],
    ['status = "Enabled"', { attribute: 'status', operator: '=', value: 'Enabled' }],
    ['name = ""', { attribute: 'name', operator: '=', value: '' }],
    ['name = "\\"quoted\\""', { attribute: 'name', operator: '=', value: '"quoted"' }],
    ['name = "back\\\\slash"', { attribute: 'name', operator: '=', value: 'back\\slash' }],
    ['name = "= ^= \n"', { attribute: 'name', operator: '=', value: '= ^= \n' }],
    ...['phone_number', 'given_name', 'family_name', 'preferred_username', 'sub'].map(
      (attribute) => [`${attribute} = "x"`, { attribute, operator: '=', value: 'x' }] as const,
    ),
  ] as const) {
    test(JSON.stringify(text), () => assert.deepEqual(parseFilter(text), filter))
  }

  const unreadable = 'Error while parsing filter'
  for (const [text, message] of [
    ['username', unreadable],
    ['username = a', unreadable],
    ["username = 'a'", unreadable],
    ['username != "a"', unreadable],
    ['username = "a', unreadable],
    ['username = "a"b"', unreadable],
    ['username = "a\\"', unreadable],
    ['username = "a" and email = "b"', unreadable],
    ['= "a"', unreadable],
    ['username = "a\0"', unreadable],
    ['username = "\\\0"', unreadable],
    ['custom:team = "a"', 'Invalid search attribute: custom:team'],
    ['Username = "a"', 'Invalid search attribute: Username'],
    ['constructor = "a"', 'Invalid search attribute: constructor'],
  ] as const) {
    test(`${JSON.stringify(text)} is refused`, () =>
      assert.throws(
        () => parseFilter(text),
        (error) => error instanceof Fault && error.code === 'InvalidParameter' && error.message === message,
      ))
  }
})
