import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seededRandom } from '../../test/seeded-random.ts'
import { days } from '../lib/instant.ts'
import { Fault } from './faults.ts'
import { checkPassword, inventPassword, temporaryPasswordExpired } from './password-policy.ts'
import type { PasswordPolicy } from './pool.ts'

const lax: PasswordPolicy = {
  MinimumLength: 6,
  RequireUppercase: false,
  RequireLowercase: false,
  RequireNumbers: false,
  RequireSymbols: false,
  TemporaryPasswordValidityDays: 7,
}
const strict: PasswordPolicy = {
  ...lax,
  MinimumLength: 8,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
}

/** The rule that a password breaks, or nothing. */
function broken(password: string, policy: PasswordPolicy): string | undefined {
  try {
    checkPassword(password, policy)
    return undefined
  } catch (error) {
    assert.ok(error instanceof Fault)
    assert.equal(error.code, 'InvalidPassword')
    return error.message.replace('Password did not conform with policy: ', '')
  }
}

const length = 'Password not long enough'
const upper = 'Password must have uppercase characters'
const lower = 'Password must have lowercase characters'
const number = 'Password must have numeric characters'
const symbol = 'Password must have symbol characters'

describe('a password', () => {
  for (const [password, policy, rule] of [
    ['', lax, length],
    ['12345', lax, length],
    ['123456', lax, undefined],
    ['a'.repeat(98), { ...lax, MinimumLength: 99 }, length],
    ['a'.repeat(99), { ...lax, MinimumLength: 99 }, undefined],
    ['a'.repeat(256), lax, undefined],

    ['abcdef', { ...lax, RequireUppercase: true }, upper],
    ['abcdeF', { ...lax, RequireUppercase: true }, undefined],
    ['abcdeÉ', { ...lax, RequireUppercase: true }, upper],
    ['ABCDEF', { ...lax, RequireLowercase: true }, lower],
    ['ABCDEf', { ...lax, RequireLowercase: true }, undefined],
    ['ABCDEé', { ...lax, RequireLowercase: true }, lower],
    ['abcdef', { ...lax, RequireNumbers: true }, number],
    ['abcde0', { ...lax, RequireNumbers: true }, undefined],
    ['abcde٣', { ...lax, RequireNumbers: true }, number],
    ['abcdef', { ...lax, RequireSymbols: true }, symbol],
    ['abcde€', { ...lax, RequireSymbols: true }, symbol],
    ['abc def', { ...lax, RequireSymbols: true }, undefined],
    [' abcdef ', { ...lax, RequireSymbols: true }, symbol],

    // The first rule that fails is the one that is named.
    ['', strict, length],
    ['€€€€€€€', strict, length],
    ['€€€€€€€€', strict, upper],
    ['A€€€€€€€', strict, lower],
    ['Aa€€€€€€', strict, number],
    ['Aa0€€€€€', strict, symbol],
    ['Aa0!€€€€', strict, undefined],
  ] as const) {
    test(`${JSON.stringify(password).slice(0, 20)}: ${rule ?? 'fits'}`, () =>
      assert.equal(broken(password, policy), rule))
  }

  // As the developer guide lists them.
  for (const character of '^$*.[]{}()?"!@#%&/\\,><\':;|_~`=+-') {
    test(`${character} is a symbol`, () =>
      assert.equal(broken(`abcde${character}`, { ...lax, RequireSymbols: true }), undefined))
  }
})

describe('a password that is made up', () => {
  for (const policy of [lax, strict, { ...strict, MinimumLength: 12 }, { ...strict, MinimumLength: 99 }]) {
    test(`fits a policy of ${policy.MinimumLength}`, () => {
      const made = new Set<string>()
      for (let seed = 0; seed < 200; seed += 1) {
        const password = inventPassword(policy, seededRandom(`${seed}`).bytes)
        assert.equal(
          broken(password, { ...strict, MinimumLength: policy.MinimumLength }),
          undefined,
          password,
        )
        assert.equal(password.length, Math.max(12, policy.MinimumLength))
        assert.match(password, /^[^\sIOl01]+$/, 'nothing that is easily misread')
        made.add(password)
      }
      assert.equal(made.size, 200)
    })
  }

  test('has no kind of character in the same place every time', () => {
    const places = Array.from({ length: 200 }, (_, seed) =>
      inventPassword(strict, seededRandom(`${seed}`).bytes).search(/[^A-Za-z0-9]/),
    )
    assert.deepEqual(
      [...new Set(places)].toSorted((a, b) => a - b),
      Array.from({ length: 12 }, (_, index) => index),
    )
  })
})

describe('a temporary password', () => {
  const at = Date.UTC(2026, 10, 23)
  for (const [later, expired] of [
    [0, false],
    [days(7) - 1, false],
    [days(7), true],
  ] as const) {
    test(`${later} ms later`, () => assert.equal(temporaryPasswordExpired(at, lax, at + later), expired))
  }
})
