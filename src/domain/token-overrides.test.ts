import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Claims } from './claims.ts'
import { overriddenAccess, overriddenId } from './token-overrides.ts'
import type { TokenOverrides } from './trigger-tokens.ts'

const nothing: TokenOverrides = {
  id: { addOrOverride: {}, suppress: [] },
  access: { addOrOverride: {}, suppress: [], scopesToAdd: [], scopesToSuppress: [] },
}
const role = 'arn:aws:iam::123456789012:role/a'
const groups = { 'cognito:groups': ['staff'], 'cognito:roles': [role], 'cognito:preferred_role': role }
const kinds = {
  'an access token': {
    claims: {
      sub: '8f3c',
      client_id: 'client',
      scope: 'openid email',
      'cognito:groups': ['staff'],
    } as Claims,
    override: (claims: Claims, change: Partial<TokenOverrides['access']>, more = {}) =>
      overriddenAccess(claims, { ...nothing, access: { ...nothing.access, ...change }, ...more }),
  },
  'an ID token': {
    claims: { sub: '8f3c', aud: 'client', email: 'ada@example.com', ...groups } as Claims,
    override: (claims: Claims, change: Partial<TokenOverrides['id']>, more = {}) =>
      overriddenId(claims, { ...nothing, id: { ...nothing.id, ...change }, ...more }),
  },
}

/** The developer guide's list, and both spellings of the name. */
const untouchable = [
  ...['acr', 'amr', 'at_hash', 'auth_time', 'azp', 'client_id', 'cognito:username', 'username', 'device_key'],
  ...['event_id', 'exp', 'iat', 'identities', 'iss', 'jti', 'nbf', 'nonce', 'origin_jti', 'sub', 'token_use'],
  'version',
]

for (const [kind, { claims, override }] of Object.entries(kinds)) {
  describe(kind, () => {
    test('stays as it is where nothing is to be changed', () => {
      assert.deepEqual(override(claims, {}), claims)
      assert.deepEqual(
        [overriddenId, overriddenAccess].map((plain) => plain(claims, undefined)),
        [claims, claims],
      )
    })

    for (const name of untouchable) {
      test(`keeps ${name}, and is given none`, () => {
        const has = { ...claims, [name]: 'own' }
        const change = { addOrOverride: { [name]: 'other' }, suppress: [name] }
        assert.deepEqual(override(has, change), has)
        const { [name]: _, ...without } = claims
        assert.deepEqual(override(without, change), without)
      })
    }

    test('takes claims of any type, and loses others', () => {
      const added = {
        text: 'a',
        number: 1,
        flag: false,
        list: ['a', { b: null }],
        object: { deep: { er: 1 } },
      }
      assert.deepEqual(override(claims, { addOrOverride: added }), { ...claims, ...added })
      assert.deepEqual(override({ ...claims, ...added }, { suppress: Object.keys(added) }), claims)
      // Who wants both has it taken away.
      assert.deepEqual(override(claims, { addOrOverride: added, suppress: Object.keys(added) }), claims)
    })

    test('is given no claim of a developer’s, and loses one', () => {
      const has = { ...claims, 'dev:plan': 'gold' }
      assert.deepEqual(override(has, { addOrOverride: { 'dev:plan': 'lead', 'dev:more': '1' } }), has)
      assert.deepEqual(override(has, { suppress: ['dev:plan'] }), claims)
    })

    test('loses the roles with the groups', () => {
      const left = override({ ...claims, ...groups }, { suppress: ['cognito:groups'] })
      assert.deepEqual(
        Object.keys(left).filter((name) => name.startsWith('cognito:')),
        [],
      )
    })

    test('is given other groups, or none', () => {
      const with_ = (groupsToOverride: string[]) =>
        override(claims, {}, { groups: { groupsToOverride } })['cognito:groups']
      assert.deepEqual(with_(['admins', 'staff']), ['admins', 'staff'])
      assert.equal(with_([]), undefined)
    })
  })
}

describe('the audience', () => {
  const { claims: access, override: changeAccess } = kinds['an access token']
  const { claims: id, override: changeId } = kinds['an ID token']

  test('of an access token is its client, or there is none', () => {
    assert.equal(changeAccess(access, { addOrOverride: { aud: 'client' } }).aud, 'client')
    assert.equal(changeAccess(access, { addOrOverride: { aud: 'other' } }).aud, undefined)
    assert.equal(changeAccess(access, { addOrOverride: { aud: ['client'] } }).aud, undefined)
  })

  test('of an ID token stays', () => {
    assert.equal(changeId(id, { addOrOverride: { aud: 'other' }, suppress: ['aud'] }).aud, 'client')
  })
})

describe('the scopes of an access token', () => {
  const { claims, override } = kinds['an access token']
  const rows: [change: Partial<TokenOverrides['access']>, scope: string][] = [
    [{ scopesToAdd: ['orders/read', 'openid'] }, 'openid email orders/read'],
    [{ scopesToSuppress: ['email', 'phone'] }, 'openid'],
    [{ scopesToAdd: ['phone'], scopesToSuppress: ['phone', 'openid', 'email'] }, ''],
    // They are changed by these lists alone.
    [{ addOrOverride: { scope: 'all' }, suppress: ['scope'] }, 'openid email'],
  ]
  for (const [change, scope] of rows) {
    test(JSON.stringify(change), () => assert.equal(override(claims, change).scope, scope))
  }
})

test('roles go into the ID token alone', () => {
  const more = { groups: { iamRolesToOverride: [role], preferredRole: role } }
  const {
    'cognito:groups': _,
    'cognito:roles': __,
    'cognito:preferred_role': ___,
    ...bare
  } = kinds['an ID token'].claims
  const id = kinds['an ID token'].override(bare, {}, more)
  assert.deepEqual([id['cognito:roles'], id['cognito:preferred_role']], [[role], role])
  const { claims, override } = kinds['an access token']
  assert.deepEqual(override(claims, {}, more), claims)
})
