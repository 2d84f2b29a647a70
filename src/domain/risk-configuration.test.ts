import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from './faults.ts'
import type { Pool } from './pool.ts'
import {
  isBlocked,
  isSkipped,
  modeOf,
  passwordRule,
  resolveRisk,
  takeoverAction,
} from './risk-configuration.ts'

const blocked = (...BlockedIPRangeList: string[]) => ({ RiskExceptionConfiguration: { BlockedIPRangeList } })

describe('risk configurations', () => {
  const inside: readonly (readonly [range: string, address: string, is: boolean])[] = [
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.7/32', '192.0.2.7', true],
    ['192.0.2.7/32', '192.0.2.8', false],
    ['192.0.2.7/24', '192.0.2.9', true],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['192.0.2.0/24', '::ffff:192.0.2.1', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::1/128', '::1', true],
    ['192.0.2.0/24', 'no address', false],
  ]
  for (const [range, address, is] of inside) {
    test(`${address} is ${is ? '' : 'not '}in ${range}`, () => {
      assert.equal(isBlocked(blocked('198.51.100.0/24', range), address), is)
      assert.equal(isSkipped({ RiskExceptionConfiguration: { SkippedIPRangeList: [range] } }, address), is)
    })
  }

  for (const wrong of [
    '192.0.2.1',
    '192.0.2.0/33',
    '2001:db8::/129',
    '192.0.2/24',
    '192.0.2.0/',
    '/24',
    '',
    'a/8',
  ]) {
    test(`'${wrong}' is no range`, () => {
      const text = `${wrong} is not an IP address range in CIDR notation.`
      for (const list of ['BlockedIPRangeList', 'SkippedIPRangeList'])
        assert.throws(
          () => resolveRisk({ RiskExceptionConfiguration: { [list]: ['192.0.2.0/24', wrong] } }),
          (error) => error instanceof Fault && error.code === 'InvalidParameter' && error.message === text,
        )
    })
  }

  test('nothing said is the service’s own defaults: bad passwords and every risk are blocked, and nobody is told', () => {
    for (const event of ['SIGN_IN', 'SIGN_UP', 'PASSWORD_CHANGE'] as const)
      assert.deepEqual(passwordRule({}, event), { looks: true, blocks: true })
    for (const level of ['Low', 'Medium', 'High'] as const)
      assert.deepEqual(takeoverAction({}, level), { Notify: false, EventAction: 'BLOCK' })
    assert.equal(isBlocked({}, '192.0.2.1'), false)
  })

  test('what is said of some is said of these', () => {
    const high = { Notify: true, EventAction: 'MFA_REQUIRED' } as const
    const takeover = { AccountTakeoverRiskConfiguration: { Actions: { HighAction: high } } }
    assert.deepEqual(takeoverAction(takeover, 'High'), high)
    assert.deepEqual(takeoverAction(takeover, 'Low'), { Notify: false, EventAction: 'NO_ACTION' })
    const passwords = {
      CompromisedCredentialsRiskConfiguration: {
        EventFilter: ['SIGN_UP'],
        Actions: { EventAction: 'NO_ACTION' },
      },
    } as const
    assert.deepEqual(passwordRule(passwords, 'SIGN_UP'), { looks: true, blocks: false })
    assert.equal(passwordRule(passwords, 'SIGN_IN').looks, false)
  })

  test('sign-ins that triggers define have a mode of their own', () => {
    const pool = (UserPoolAddOns?: object) => ({ settings: { UserPoolAddOns } }) as unknown as Pool
    const custom = (CustomAuthMode?: string) => ({ AdvancedSecurityAdditionalFlows: { CustomAuthMode } })
    assert.deepEqual([modeOf(pool()), modeOf(pool(), 'custom')], ['OFF', 'OFF'])
    const off = pool({ AdvancedSecurityMode: 'OFF', ...custom('ENFORCED') })
    assert.deepEqual([modeOf(off), modeOf(off, 'custom')], ['OFF', 'OFF'])
    const audit = pool({ AdvancedSecurityMode: 'AUDIT', ...custom('ENFORCED') })
    assert.deepEqual([modeOf(audit, 'srp'), modeOf(audit, 'custom')], ['AUDIT', 'ENFORCED'])
    const enforced = pool({ AdvancedSecurityMode: 'ENFORCED' })
    assert.deepEqual([modeOf(enforced, 'password'), modeOf(enforced, 'custom')], ['ENFORCED', 'OFF'])
  })
})
