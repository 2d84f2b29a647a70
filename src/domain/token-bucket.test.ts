import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Bucket, isFull, taken, tokensIn } from './token-bucket.ts'

/** How many of these requests, each at its time, get a token. */
function passed(rate: number, times: readonly number[]): number {
  let bucket: Bucket | undefined
  return times.filter((now) => {
    const next = taken(bucket, rate, now)
    bucket = next ?? bucket
    return next !== undefined
  }).length
}

const at = (time: number, count: number) => Array<number>(count).fill(time)

describe('a token bucket', () => {
  test('lets in at once as many as come in a second, and no more', () => {
    assert.equal(passed(5, at(0, 20)), 5)
    assert.equal(passed(1, at(7_000, 3)), 1)
  })

  test('fills evenly', () => {
    assert.equal(passed(5, [...at(0, 5), 199, 200, 399, 400]), 7)
    assert.equal(passed(5, [...at(0, 5), ...at(1_000, 6)]), 10)
    assert.equal(tokensIn({ tokens: 0, at: 0 }, 10, 250), 2.5)
  })

  test('holds no more than a second brings, however long it waits', () =>
    assert.equal(passed(5, [...at(0, 5), ...at(3_600_000, 20)]), 10))

  test('takes nothing back when the clock is turned back', () =>
    assert.equal(passed(2, [...at(10_000, 2), 9_000, 0]), 2))

  test('is full again after a second', () => {
    assert.equal(isFull({ tokens: 0, at: 0 }, 999), false)
    assert.equal(isFull({ tokens: 0, at: 0 }, 1_000), true)
  })
})
