import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOfPrefix } from './prefix.ts'

const cases: readonly [prefix: string, end: string | undefined][] = [
  ['a', 'b'],
  ['ab', 'ac'],
  ['az', 'a{'],
  ['', undefined],
  ['\u{D7FF}', '\u{E000}'],
  ['\u{FFFF}', '\u{10000}'],
  ['\u{1F600}', '\u{1F601}'],
  ['a\u{10FFFF}', 'b'],
  ['a\u{10FFFF}\u{10FFFF}', 'b'],
  ['\u{10FFFF}', undefined],
]
for (const [prefix, end] of cases) {
  test(`what begins with ${JSON.stringify(prefix)} ends before ${JSON.stringify(end)}`, () => {
    assert.equal(endOfPrefix(prefix), end)
  })
}
