import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seededRandom } from '../../test/seeded-random.ts'
import { clientIdAlphabet, poolIdAlphabet, poolNameOf, regionOf, spell, type UserPoolId } from './ids.ts'

describe('a pool id', () => {
  for (const [id, region, name] of [
    ['us-east-1_Abc123456', 'us-east-1', 'Abc123456'],
    ['us-gov-west-1_x', 'us-gov-west-1', 'x'],
    ['my_region_Abc', 'my_region', 'Abc'],
  ] as const) {
    test(id, () => {
      assert.equal(regionOf(id as UserPoolId), region)
      assert.equal(poolNameOf(id as UserPoolId), name)
    })
  }
})

describe('spell', () => {
  for (const [name, alphabet] of Object.entries({ poolIdAlphabet, clientIdAlphabet })) {
    test(`${name}: every letter, about as often as any other`, () => {
      const { bytes } = seededRandom(name)
      const counts = new Map([...alphabet].map((letter) => [letter, 0]))
      for (let round = 0; round < 4000; round += 1) {
        const text = spell(alphabet, alphabet.length, bytes)
        assert.equal(text.length, alphabet.length)
        for (const letter of text) counts.set(letter, (counts.get(letter) ?? Number.NaN) + 1)
      }
      assert.equal(counts.size, alphabet.length)
      // Six standard deviations. Without rejection the first letters would be 500 and more too many.
      for (const [letter, count] of counts) assert.ok(Math.abs(count - 4000) < 380, `${letter}: ${count}`)
    })
  }

  test('bytes that would favour some letters are passed over', () => {
    const bytes = [255, 250, 249, 0]
    assert.equal(
      spell('0123456789', 2, () => Uint8Array.from(bytes)),
      '90',
    )
  })

  test('and so many times as it takes', () => {
    const stock = [Uint8Array.of(255, 255), Uint8Array.of(255, 1)]
    assert.equal(
      spell('0123456789', 1, () => stock.shift() ?? assert.fail()),
      '1',
    )
  })

  test('nothing', () =>
    assert.equal(
      spell('abc', 0, () => assert.fail()),
      '',
    ))
})
