import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesFrom, numberFrom } from './bytes.ts'

test('bytes spell a number, the first counting most', () => {
  assert.equal(numberFrom(Uint8Array.of()), 0n)
  assert.equal(numberFrom(Uint8Array.of(0, 0)), 0n)
  assert.equal(numberFrom(Uint8Array.of(1, 2)), 258n)
  assert.equal(numberFrom(Uint8Array.of(9, 9, 0xff, 0).subarray(2)), 0xff00n)
})

test('a number takes as few bytes as it needs, or the width asked for', () => {
  assert.deepEqual([...bytesFrom(0n)], [0])
  assert.deepEqual([...bytesFrom(255n)], [255])
  assert.deepEqual([...bytesFrom(256n)], [1, 0])
  assert.deepEqual([...bytesFrom(256n, 4)], [0, 0, 1, 0])
})

test('a number that does not fit is refused, never cut', () => {
  assert.throws(() => bytesFrom(256n, 1), RangeError)
  assert.throws(() => bytesFrom(-1n), RangeError)
})
