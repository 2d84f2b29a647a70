import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attemptTime, claimTime, nextAttempt } from './delivery.ts'

test('a message is tried again after longer and longer pauses, and given up after the seventh failure', () => {
  const after = [1, 2, 3, 4, 5, 6, 7].map((failures) => nextAttempt(failures, 1000))
  assert.deepEqual(after, [3_000, 11_000, 61_000, 301_000, 901_000, 3_601_000, undefined])
})

test('nobody else takes a message while it is being tried', () => {
  assert.ok(claimTime > attemptTime)
})
