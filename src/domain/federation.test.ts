import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Client } from './client.ts'
import { Fault } from './faults.ts'
import {
  claimsOf,
  isProfileOf,
  mappedAttributes,
  newProfile,
  profileNameOf,
  sourcesOf,
  subjectIn,
  textsOf,
  updatedProfile,
} from './federation.ts'
import { withIdentities } from './identity.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { Pool } from './pool.ts'
import type { SchemaAttribute } from './schema.ts'
import type { User } from './user.ts'

const provider = {
  name: 'Acme',
  type: 'OIDC',
  mapping: { username: 'sub', email: 'mail', 'custom:team': 'groups' },
} as unknown as IdentityProvider

const attribute = (Name: string, more: Partial<SchemaAttribute> = {}): SchemaAttribute => ({
  Name,
  AttributeDataType: 'String',
  DeveloperOnlyAttribute: false,
  Mutable: true,
  Required: false,
  StringAttributeConstraints: { MinLength: '0', MaxLength: '20' },
  ...more,
})
const pool = {
  schema: [
    attribute('email'),
    attribute('name'),
    attribute('email_verified', { AttributeDataType: 'Boolean' }),
    attribute('custom:team'),
    attribute('custom:badge', { Mutable: false }),
  ],
  identity: { caseSensitive: true },
} as unknown as Pool
const client = { settings: {} } as unknown as Client
const barred = { settings: { WriteAttributes: ['email', 'custom:team'] } } as unknown as Client
const user = (attributes: Record<string, string>, status = 'EXTERNAL_PROVIDER') =>
  ({ status, attributes, mfa: { enabled: [], legacySms: false } }) as unknown as User

const refuses = (text: string) => (error: unknown) =>
  error instanceof Fault && error.code === 'InvalidParameter' && error.message === text

test('claims are texts: others as JSON, null not at all', () => {
  const values = {
    a: 'text',
    b: true,
    c: 1.5,
    d: ['x', 'y'],
    e: { f: 1 },
    g: null,
    h: undefined,
    ['__proto__']: 'own',
  }
  const expected = { a: 'text', b: 'true', c: '1.5', d: '["x","y"]', e: '{"f":1}', ['__proto__']: 'own' }
  assert.deepEqual(Object.entries(textsOf(values)), Object.entries(expected))
})

test('user info is the later word, and the token response is no claim', () => {
  const answer = {
    tokenResponse: { scope: 'x' },
    idToken: { sub: '1', name: 'old' },
    userInfo: { name: 'new' },
  }
  assert.deepEqual(claimsOf(answer), { sub: '1', name: 'new' })
  assert.deepEqual(claimsOf({ samlResponse: { NameID: '1' } }), { NameID: '1' })
})

test('whoever has no subject is nobody', () => {
  assert.equal(subjectIn(provider, { sub: 'ada' }), 'ada')
  for (const claims of [{}, { sub: '' }])
    assert.throws(() => subjectIn(provider, claims), refuses('username attribute mapping required'))
})

test('what is mapped and there is taken, what is neither is not', () => {
  assert.deepEqual(mappedAttributes(provider, { sub: 'ada', mail: 'a@b.c', other: 'x' }), { email: 'a@b.c' })
  assert.deepEqual(mappedAttributes(provider, { mail: '', groups: '[]' }), { email: '', 'custom:team': '[]' })
})

test('an account may be linked by its subject or by any claim that can be kept', () => {
  const claims = { sub: 'ada', mail: 'a@b.c', long: 'x'.repeat(130), odd: 'a\u0000b' }
  assert.deepEqual(sourcesOf(provider, 'ada', claims), [
    { provider: 'Acme', attribute: 'Cognito_Subject', value: 'ada' },
    { provider: 'Acme', attribute: 'sub', value: 'ada' },
    { provider: 'Acme', attribute: 'mail', value: 'a@b.c' },
  ])
})

describe('a profile is whose it says, and not whoever goes by its name', () => {
  const identity = (over: Record<string, unknown>) =>
    ({
      userId: 'ada',
      providerName: 'Acme',
      providerType: 'OIDC',
      issuer: null,
      primary: true,
      dateCreated: 0,
      ...over,
    }) as never
  const rows: readonly [string, User, boolean][] = [
    ['its own', withIdentities(user({}), [identity({})]), true],
    ['a user with a password', user({}, 'CONFIRMED'), false],
    ['a user whose password was taken away', user({}), false],
    [
      'one of another subject that is written alike',
      withIdentities(user({}), [identity({ userId: 'ADA' })]),
      false,
    ],
    ['one of another provider', withIdentities(user({}), [identity({ providerName: 'Other' })]), false],
    ['one that it is only linked to', withIdentities(user({}), [identity({ primary: false })]), false],
  ]
  for (const [name, standing, expected] of rows) {
    test(name, () => assert.equal(isProfileOf(standing, provider, 'ada'), expected))
  }
})

test('a subject that makes no username is refused', () => {
  assert.equal(profileNameOf(provider, 'a@b.c'), 'Acme_a@b.c')
  for (const subject of ['x'.repeat(124), 'a b', 'a\u0000'])
    assert.throws(
      () => profileNameOf(provider, subject),
      refuses('username: The subject of the identity provider cannot be a username.'),
    )
})

describe('a profile that comes into being', () => {
  test('has no verified address unless the provider says so', () => {
    assert.deepEqual(newProfile(pool, client, { email: 'a@b.c', name: '' }), {
      email_verified: 'false',
      email: 'a@b.c',
    })
    assert.deepEqual(newProfile(pool, client, { email: 'a@b.c', email_verified: 'true' }), {
      email: 'a@b.c',
      email_verified: 'true',
    })
  })

  test('has all that the pool requires', () => {
    const strict = {
      ...pool,
      schema: [attribute('email', { Required: true }), attribute('name', { Required: true })],
    }
    assert.throws(
      () => newProfile(strict, client, { email: '' }),
      refuses('attributes required: [email, name]'),
    )
  })

  test('fits the schema', () => {
    assert.throws(
      () => newProfile(pool, client, { name: 'x'.repeat(21) }),
      refuses('Attributes did not conform to the schema: name: String must be no longer than 20 characters'),
    )
  })

  test('holds nothing that the client cannot write', () => {
    assert.deepEqual(newProfile(pool, barred, { email: 'a@b.c', email_verified: 'true' }), {
      email: 'a@b.c',
      email_verified: 'true',
    })
    assert.throws(
      () => newProfile(pool, barred, { name: 'Ada' }),
      refuses('user.name: The app client cannot write the attribute.'),
    )
  })
})

describe('a profile at a later sign-in', () => {
  const standing = user({ email: 'a@b.c', email_verified: 'true', name: 'Ada', 'custom:badge': '7' })
  const attributesWith = (mapped: Record<string, string>) =>
    updatedProfile(pool, client, standing, mapped).attributes

  test('that has no news is the same', () => {
    assert.equal(updatedProfile(pool, client, standing, { email: 'a@b.c', 'custom:badge': '7' }), standing)
  })

  test('takes over what has changed, and keeps what is not spoken of', () => {
    assert.deepEqual(attributesWith({ name: 'Ada L.' }), { ...standing.attributes, name: 'Ada L.' })
  })

  test('loses what the provider leaves blank', () => {
    const { name: _, ...others } = standing.attributes
    assert.deepEqual(attributesWith({ name: '' }), others)
  })

  test('has an address that nobody has verified, when it is new', () => {
    assert.deepEqual(attributesWith({ email: 'd@e.f' }), {
      ...standing.attributes,
      email: 'd@e.f',
      email_verified: 'false',
    })
    const verified = { email: 'd@e.f', email_verified: 'true' }
    assert.deepEqual(attributesWith(verified), { ...standing.attributes, ...verified })
  })

  test('does not change what cannot', () => {
    assert.throws(
      () => attributesWith({ 'custom:badge': '8' }),
      refuses('user.custom:badge: Attribute cannot be updated.'),
    )
  })
})
