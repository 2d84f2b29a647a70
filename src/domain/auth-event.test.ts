import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { newAuthEvent, newPool } from '../../test/rows.ts'
import { type ChallengeResult, continued, resultsOf } from './auth-event.ts'
import type { Challenge } from './challenge.ts'
import type { FaultCode } from './faults.ts'

const { id } = newPool()
const right: ChallengeResult = { name: 'Password', response: 'Success' }
const wrongMfa: ChallengeResult = { name: 'Mfa', response: 'Failure' }
const rightMfa: ChallengeResult = { name: 'Mfa', response: 'Success' }

describe('an event that goes on', () => {
  test('says what came last, and lists what was asked', () => {
    const event = newAuthEvent(id, { challenges: [right] })
    assert.deepEqual(continued(event, 'Pass', [rightMfa]), {
      ...event,
      response: 'Pass',
      challenges: [right, rightMfa],
    })
  })

  test('does not grow with a guesser', () => {
    let event = newAuthEvent(id, { challenges: [right] })
    for (let guess = 0; guess < 100; guess += 1) event = continued(event, 'Fail', [wrongMfa])
    assert.deepEqual(event.challenges, [right, wrongMfa])
    assert.deepEqual(continued(event, 'Pass', [rightMfa]).challenges, [right, wrongMfa, rightMfa])
  })

  test('has passed for good', () => {
    const event = newAuthEvent(id, { response: 'Pass', challenges: [right] })
    assert.equal(continued(event, 'Fail', [wrongMfa]), event)
  })
})

describe('the result of an answer', () => {
  const rows: readonly (readonly [Challenge, FaultCode | undefined, ChallengeResult[]])[] = [
    ['PASSWORD', undefined, [right]],
    ['PASSWORD_VERIFIER', undefined, [right]],
    ['PASSWORD', 'IncorrectCredentials', [{ name: 'Password', response: 'Failure' }]],
    // Nobody looked at it.
    ['PASSWORD', 'TooManyPasswordAttempts', []],
    ['PASSWORD', 'UserNotConfirmed', []],
    ['SMS_MFA', 'WrongAuthState', [wrongMfa]],
    ['SOFTWARE_TOKEN_MFA', 'WrongCode', [wrongMfa]],
    ['SOFTWARE_TOKEN_MFA', 'SoftwareTokenUsed', [wrongMfa]],
    ['WEB_AUTHN', 'PasskeyRefused', [wrongMfa]],
    ['EMAIL_OTP', undefined, [rightMfa]],
    ['NEW_PASSWORD_REQUIRED', undefined, []],
    ['CUSTOM_CHALLENGE', undefined, []],
    ['DEVICE_PASSWORD_VERIFIER', 'IncorrectCredentials', []],
  ]
  for (const [challenge, refused, expected] of rows) {
    test(`${challenge} ${refused ?? 'answered'}`, () => {
      assert.deepEqual(resultsOf(challenge, refused), expected)
    })
  }
})
