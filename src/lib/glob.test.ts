import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { glob, globMatches, literal } from './glob.ts'

test('a glob matches what the regular expression of the same meaning matches', () => {
  const letters = (alphabet: string) =>
    fc.array(fc.constantFrom(...alphabet), { maxLength: 12 }).map((all) => all.join(''))
  fc.assert(
    fc.property(letters('ab*?'), letters('ab'), (pattern, text) => {
      const meaning = pattern.replaceAll('*', '.*').replaceAll('?', '.')
      assert.equal(globMatches(glob(pattern), text), new RegExp(`^${meaning}$`, 's').test(text))
    }),
    { numRuns: 2000 },
  )
})

test('a literal matches itself alone', () => {
  assert.ok(globMatches(literal('a*b?'), 'a*b?'))
  assert.ok(!globMatches(literal('a*b?'), 'axxbx'))
  assert.ok(globMatches(literal(''), ''))
})

test('a pattern made to stall a backtracking matcher is answered at once', () => {
  assert.ok(!globMatches(glob(`${'*a'.repeat(2000)}b`), 'a'.repeat(20_000)))
  assert.ok(!globMatches(glob(`${'a*'.repeat(2000)}?b`), 'a'.repeat(20_000)))
})
