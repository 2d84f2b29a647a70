import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defined } from './defined.ts'

test('what is undefined is absent, and everything else stays', () => {
  const members = { nothing: undefined, no: false, none: 0, empty: '', list: [undefined], null: null }
  assert.deepEqual(defined(members), { no: false, none: 0, empty: '', list: [undefined], null: null })
  assert.deepEqual(Object.keys(defined(members)), ['no', 'none', 'empty', 'list', 'null'])
})
