import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantFromIso } from './iso-date.ts'

const cases: [text: string, iso: string | undefined][] = [
  ['2026', '2026-01-01T00:00:00.000Z'],
  ['2026-11', '2026-11-01T00:00:00.000Z'],
  ['2026-11-23', '2026-11-23T00:00:00.000Z'],
  ['2026-11-23T18:44Z', '2026-11-23T18:44:00.000Z'],
  ['2026-11-23T18:44:09Z', '2026-11-23T18:44:09.000Z'],
  ['2026-11-23T18:44:09.5+01:00', '2026-11-23T17:44:09.500Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2026-02-29', undefined],
  ['2026-13-01', undefined],
  ['2026-11-23T25:00Z', undefined],
  ['2026-11-23T18:44:09', undefined],
  ['23 Nov 2026', undefined],
  ['', undefined],
]

for (const [text, iso] of cases) {
  test(`'${text}' is ${iso ?? 'no date'}`, () => {
    assert.equal(instantFromIso(text), iso === undefined ? undefined : Date.parse(iso))
  })
}
