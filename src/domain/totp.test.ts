import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Secret as Key, TOTP } from 'otpauth'
import { base32 } from '../lib/base32.ts'
import { matchingStep, totp } from './totp.ts'

const key = Buffer.from('12345678901234567890')

describe('totp', () => {
  test('the codes of RFC 4226, appendix D', () => {
    const codes = [
      '755224',
      '287082',
      '359152',
      '969429',
      '338314',
      '254676',
      '287922',
      '162583',
      '399871',
      '520489',
    ]
    assert.deepEqual(
      codes.map((_, step) => totp(key, step)),
      codes,
    )
  })

  test('the last six digits of RFC 6238, appendix B', () => {
    const rows: [seconds: number, code: string][] = [
      [59, '287082'],
      [1111111109, '081804'],
      [1111111111, '050471'],
      [1234567890, '005924'],
      [2000000000, '279037'],
      [20000000000, '353130'],
    ]
    for (const [seconds, code] of rows) assert.equal(totp(key, Math.floor(seconds / 30)), code)
  })

  test('the codes that another implementation shows', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.integer({ min: 0, max: 2 ** 42 }),
        (bytes, at) => {
          const app = new TOTP({ secret: Key.fromBase32(base32(bytes)) })
          assert.notEqual(matchingStep(bytes, app.generate({ timestamp: at }), at), undefined)
          assert.equal(totp(bytes, Math.floor(at / 30_000)), app.generate({ timestamp: at }))
        },
      ),
    )
  })
})

describe('matchingStep', () => {
  const at = 1_000_000 * 30_000 + 12_345

  test('the present step and one on either side', () => {
    for (const step of [999_999, 1_000_000, 1_000_001])
      assert.equal(matchingStep(key, totp(key, step), at), step)
    for (const step of [999_998, 1_000_002]) assert.equal(matchingStep(key, totp(key, step), at), undefined)
  })

  test('nothing that is not six digits', () => {
    for (const text of ['', 'abcdef', '12345', `${totp(key, 1_000_000)} `])
      assert.equal(matchingStep(key, text, at), undefined)
  })
})
