import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hours } from '../lib/instant.ts'
import { assessRisk, combined, type EventRisk, type Place, type RiskFacts, type RiskLevel } from './risk.ts'

const now = Date.UTC(2026, 10, 23, 12)
type Seen = RiskFacts['trusted'][number]

const home: Place = { ip: '192.0.2.1', device: 'Chrome 126, Windows 10' }
const at = (context: Place, over: Partial<Seen> = {}): Seen => ({
  at: now - 1000,
  response: 'Pass',
  context,
  ...over,
})
const failures = (count: number, context: Place, when = now - 1000) =>
  Array.from({ length: count }, () => at(context, { response: 'Fail', at: when }))
const said = (value: 'Valid' | 'Invalid') => ({ feedback: { value } })
const moved = { ...home, ip: '198.51.100.7' }
const elsewhere = { ...home, device: 'Firefox 140, Linux' }
const abroad: Place = { ip: '198.51.100.7', device: 'Firefox 140, Linux' }

const rows: readonly (readonly [
  what: string,
  place: Place,
  trusted: readonly Seen[],
  recent: readonly Seen[],
  level: RiskLevel | undefined,
])[] = [
  ['nobody has been anywhere', abroad, [], [], undefined],
  ['the same place', home, [at(home)], [], undefined],
  ['a neighbour of the address', { ...home, ip: '192.0.2.200' }, [at(home)], [], undefined],
  ['another address', moved, [at(home)], [], undefined],
  ['another device', { ...home, device: 'Firefox 140, Linux' }, [at(home)], [], undefined],
  ['another address and another device', abroad, [at(home)], [], 'Low'],
  [
    'each known from elsewhere',
    abroad,
    [at(moved), at({ ...home, device: 'Firefox 140, Linux' })],
    [],
    undefined,
  ],
  ['a newer version of both', { ...home, device: 'Chrome 127, Windows 11' }, [at(home)], [], undefined],
  ['no device is a device like any other', { ip: '198.51.100.7' }, [at(home)], [], 'Low'],
  ['two failures from there', moved, [at(home)], failures(2, moved), undefined],
  ['three failures from there', moved, [at(home)], failures(3, abroad), 'Low'],
  ['ten failures from there', moved, [at(home)], failures(10, moved), 'Medium'],
  ['failures from elsewhere', moved, [at(home)], failures(10, { ip: '203.0.113.1' }), undefined],
  ['failures of an hour ago', moved, [at(home)], failures(10, moved, now - hours(1)), undefined],
  ['ten failures at home', home, [at(home)], failures(10, home), undefined],
  ['ten failures at home, and another device', elsewhere, [at(home)], failures(10, home), 'Medium'],
  ['ten failures of somebody who has been nowhere', abroad, [], failures(10, abroad), undefined],
  ['three failures, all new', abroad, [at(home)], failures(3, abroad), 'Medium'],
  ['ten failures, all new', abroad, [at(home)], failures(10, abroad), 'High'],
  ['a place that was not the user', home, [at(home)], [at(home, said('Invalid'))], 'High'],
  ['and was afterwards', home, [at(home)], [at(home, said('Valid')), at(home, said('Invalid'))], undefined],
  ['another place that was not the user', home, [at(home)], [at(abroad, said('Invalid'))], undefined],
  [
    'an address in IPv6 and its neighbour',
    { ip: '2001:db8:0:1::9' },
    [at({ ip: '2001:DB8::1:ffff:0:0:1' })],
    [],
    undefined,
  ],
  [
    'another network in IPv6',
    { ip: '2001:db8:0:2::9' },
    [at({ ip: '2001:db8:0:1::9' })],
    failures(3, { ip: '2001:db8:0:2::7' }),
    'Low',
  ],
  ['IPv4 as IPv6 has it', { ...elsewhere, ip: '::ffff:192.0.2.9' }, [at(home)], [], undefined],
  ['nothing known of the address', {}, [at({})], failures(3, {}), undefined],
]

describe('the risk of a sign-in', () => {
  for (const [what, place, trusted, recent, level] of rows) {
    test(`${what}: ${level ?? 'none'}`, () =>
      assert.equal(assessRisk({ place, trusted, recent, now }), level))
  }

  test('what was found first stays found', () => {
    const compromised: EventRisk = { decision: 'NoRisk', compromised: true }
    const takeover: EventRisk = { decision: 'AccountTakeover', level: 'Low', compromised: false }
    const blocked: EventRisk = { decision: 'Block', level: 'High', compromised: false }
    assert.deepEqual(combined(undefined, takeover), takeover)
    assert.deepEqual(combined(compromised, takeover), { ...takeover, compromised: true })
    assert.deepEqual(combined(takeover, compromised), { ...takeover, compromised: true })
    assert.deepEqual(combined(blocked, takeover), blocked)
    assert.deepEqual(combined(takeover, blocked), blocked)
  })
})
