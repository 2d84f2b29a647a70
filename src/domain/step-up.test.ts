import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Challenge } from './challenge.ts'
import type { Level, Method } from './method.ts'
import { levelsNamed, type Means, towards } from './step-up.ts'

const passwords: Challenge[] = ['PASSWORD_SRP', 'PASSWORD']
const all: Means = {
  first: [...passwords, 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'],
  second: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'],
}
const none: Method[] = []

describe('the challenges that lead to a level', () => {
  const rows: [what: string, Level, Means, Method[], credited: boolean, expected: Challenge[]][] = [
    ['1, from nothing: anything', 1, all, none, false, [...all.first]],
    [
      '2, from nothing: anything, for a password can be followed by a code',
      2,
      all,
      none,
      false,
      [...all.first],
    ],
    ['2 with a password alone: nothing', 2, { first: passwords, second: [] }, none, false, []],
    [
      '3, from nothing: a password or a passkey, for nothing follows a code',
      3,
      all,
      none,
      false,
      [...passwords, 'WEB_AUTHN'],
    ],
    ['4, from nothing: a password alone leads to a software token', 4, all, none, false, passwords],
    ['4 without a software token: nothing', 4, { ...all, second: ['SMS_MFA'] }, none, false, []],
    [
      '3, a password just given: a code',
      3,
      all,
      ['pwd'],
      false,
      ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'],
    ],
    ['4, a password just given: a software token', 4, all, ['pwd'], false, ['SOFTWARE_TOKEN_MFA']],
    [
      '3, a password credited: a passkey as well',
      3,
      all,
      ['pwd'],
      true,
      ['WEB_AUTHN', 'SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'],
    ],
    [
      '3, a code credited: the password or a passkey',
      3,
      all,
      ['email_otp'],
      true,
      [...passwords, 'WEB_AUTHN'],
    ],
    ['4, a code credited: the password, then the software token', 4, all, ['sms'], true, passwords],
    [
      '4, password and code credited: the software token',
      4,
      all,
      ['pwd', 'sms'],
      true,
      ['SOFTWARE_TOKEN_MFA'],
    ],
    ['4, a passkey credited: the password', 4, all, ['swk'], true, passwords],
    ['3, a code just given: nothing', 3, all, ['email_otp'], false, []],
  ]
  for (const [what, target, means, methods, credited, expected] of rows) {
    test(`to ${what}`, () => {
      assert.deepEqual(towards(target, means, { methods, credited }), expected)
    })
  }
})

describe('the levels that are named', () => {
  const pool = (AcrConfiguration?: object) =>
    ({ settings: AcrConfiguration ? { AcrConfiguration } : {} }) as unknown as Parameters<
      typeof levelsNamed
    >[0]
  const own = { Level3: { AcrValue: 'high' } }

  for (const [values, configured, expected] of [
    ['urn:cognito:loa:3', undefined, [3]],
    ['urn:cognito:loa:4 urn:cognito:loa:2', undefined, [4, 2]],
    ['gold  urn:cognito:loa:1', undefined, [1]],
    ['high urn:cognito:loa:4', own, [3, 4]],
    ['urn:cognito:loa:3 urn:cognito:loa:1', own, [1]],
  ] as const) {
    test(`by ${values}`, () => assert.deepEqual(levelsNamed(pool(configured), values), expected))
  }

  for (const values of ['', ' ', 'gold', 'URN:COGNITO:LOA:1', 'Level1']) {
    test(`not by ${JSON.stringify(values)}`, () =>
      assert.throws(() => levelsNamed(pool(), values), {
        message: 'None of the requested ACR values is valid for the user pool.',
      }))
  }
})
