import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { days, hours, minutes } from '../lib/instant.ts'
import {
  type AuthFlowSetting,
  allows,
  type ClientSettings,
  canRead,
  canWrite,
  defaultRefreshValidity,
  lifetimes,
} from './client.ts'

const base: ClientSettings = {
  ClientName: 'test',
  RefreshTokenValidity: 30,
  AllowedOAuthFlowsUserPoolClient: false,
  EnableTokenRevocation: true,
  EnablePropagateAdditionalUserContextData: false,
  AuthSessionValidity: 3,
}

describe('a client allows', () => {
  const flows = [
    'ALLOW_USER_SRP_AUTH',
    'ALLOW_REFRESH_TOKEN_AUTH',
    'ALLOW_CUSTOM_AUTH',
    'ALLOW_USER_PASSWORD_AUTH',
    'ALLOW_ADMIN_USER_PASSWORD_AUTH',
    'ALLOW_USER_AUTH',
  ] as const satisfies AuthFlowSetting[]
  const [srp, refresh, custom, password, admin, choice] = flows
  const byDefault = [srp, refresh, custom]
  for (const [configured, allowed] of [
    [undefined, byDefault],
    [[], byDefault],
    [[srp], [srp]],
    [[choice], [choice]],
    [
      [password, refresh],
      [password, refresh],
    ],
    [['ADMIN_NO_SRP_AUTH'], [admin, srp, refresh]],
    [['USER_PASSWORD_AUTH'], [password, srp, refresh]],
    [['CUSTOM_AUTH_FLOW_ONLY'], [custom, refresh]],
    [
      ['ADMIN_NO_SRP_AUTH', 'USER_PASSWORD_AUTH'],
      [admin, password, srp, refresh],
    ],
  ] as const) {
    const settings = { ...base, ...(configured && { ExplicitAuthFlows: configured }) }
    test(`${configured}: ${allowed}`, () =>
      assert.deepEqual(
        flows.filter((flow) => allows(settings, flow)),
        flows.filter((flow) => (allowed as readonly string[]).includes(flow)),
      ))

    test(`${configured}, rotating: the same without the refresh that cannot`, () => {
      const rotating = { ...settings, RefreshTokenRotation: { Feature: 'ENABLED' as const } }
      const still = { ...settings, RefreshTokenRotation: { Feature: 'DISABLED' as const } }
      for (const flow of flows) {
        assert.equal(allows(rotating, flow), flow !== refresh && allows(settings, flow))
        assert.equal(allows(still, flow), allows(settings, flow))
      }
    })
  }
})

describe('tokens live', () => {
  for (const [what, settings, expected] of [
    ['an hour and thirty days', {}, { access: hours(1), id: hours(1), refresh: days(30) }],
    [
      'as many hours and days as are asked for',
      { AccessTokenValidity: 2, IdTokenValidity: 24, RefreshTokenValidity: 3650 },
      { access: hours(2), id: hours(24), refresh: days(3650) },
    ],
    [
      'in units of their own',
      {
        AccessTokenValidity: 300,
        IdTokenValidity: 1,
        RefreshTokenValidity: 90,
        TokenValidityUnits: { AccessToken: 'seconds', IdToken: 'days', RefreshToken: 'minutes' },
      },
      { access: minutes(5), id: days(1), refresh: minutes(90) },
    ],
    [
      'an hour whatever the unit, when no number is given',
      { TokenValidityUnits: { AccessToken: 'days', IdToken: 'seconds' } },
      { access: hours(1), id: hours(1), refresh: days(30) },
    ],
  ] as const) {
    test(what, () =>
      assert.deepEqual(lifetimes({ ...base, ...settings }), { ...expected, session: minutes(3) }),
    )
  }

  test('and sign-ins as many minutes', () =>
    assert.equal(lifetimes({ ...base, AuthSessionValidity: 15 }).session, minutes(15)))

  for (const [RefreshToken, count] of [
    [undefined, 30],
    ['days', 30],
    ['hours', 720],
    ['minutes', 43_200],
    ['seconds', 2_592_000],
  ] as const) {
    test(`thirty days are ${count} ${RefreshToken ?? 'of what is usual'}`, () => {
      assert.equal(defaultRefreshValidity(RefreshToken && { RefreshToken }), count)
    })
  }
})

describe('a client may', () => {
  const listed = { ...base, ReadAttributes: ['email'], WriteAttributes: ['email', 'sub'] }
  for (const [name, settings, readable, writable] of [
    ['email', base, true, true],
    ['custom:team', base, true, true],
    ['sub', base, true, false],
    ['email_verified', base, true, false],
    ['phone_number_verified', base, true, false],
    ['identities', base, true, false],
    ['dev:custom:team', base, true, false],
    ['email', listed, true, true],
    ['name', listed, false, false],
    ['sub', listed, true, false],
    ['email', { ...base, ReadAttributes: [], WriteAttributes: [] }, false, false],
  ] as const) {
    const lists = settings === base ? 'without lists' : `with ${settings.ReadAttributes}`
    test(`${readable ? '' : 'not '}read and ${writable ? '' : 'not '}write ${name} ${lists}`, () => {
      assert.equal(canRead(settings, name), readable)
      assert.equal(canWrite(settings, name), writable)
    })
  }
})
