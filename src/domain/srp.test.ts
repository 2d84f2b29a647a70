import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { bytesFrom, numberFrom } from '../lib/bytes.ts'
import { Secret } from '../lib/secret.ts'
import * as srp from './srp.ts'

const { g, k, N, power } = srp

const poolName = 'Ab3dEfGh9'
const userId = '3f0c6a52-7d1e-4b8a-9c55-0e2f1a6b7c8d'
const secretBlock = Buffer.from('secret block')
const timestamp = 'Mon Nov 3 09:05:07 UTC 2025'
const salt = Buffer.from('5e884898da28047151d0e56f8dc62927', 'hex')
const password = 'Correct-Horse-7'

/** A number out of a name, so that vectors can say which secrets they used. */
const secretOf = (name: string) => numberFrom(createHash('sha256').update(name).digest())

/** The client's half, as amazon-cognito-identity-js computes it. */
function client(password: string, salt: Uint8Array, a: bigint) {
  return {
    A: power(g, a),
    claim(B: bigint): string {
      const x = srp.privateKey(poolName, userId, new Secret(password), salt)
      const u = srp.scramble(power(g, a), B)
      const S = power(B + N - ((k * power(g, x)) % N), a + u * x)
      return srp.passwordClaim(srp.sessionKey(S, u), poolName, userId, secretBlock, timestamp)
    },
  }
}

/** The server's half, from the verifier alone. */
function server(v: bigint, b: bigint) {
  const B = srp.publicValue(v, power(g, b))
  return {
    B,
    key(A: bigint): Uint8Array {
      const u = srp.scramble(A, B)
      return srp.sessionKey(power(srp.sharedBase(A, power(v, u)), b), u)
    },
    claim(A: bigint): string {
      return srp.passwordClaim(this.key(A), poolName, userId, secretBlock, timestamp)
    },
  }
}

const verifier = (password: string, salt: Uint8Array) =>
  power(g, srp.privateKey(poolName, userId, new Secret(password), salt))

// Made with amazon-cognito-identity-js 6.3.21; each row has an edge on which implementations part.
const vectors = [
  {
    edge: 'nothing special',
    secrets: ['a1', 'b1'],
    password,
    salt: '5e884898da28047151d0e56f8dc62927',
    key: 'c53faefa1485f3dfa5a214fcf58bc0df',
    claim: 'lda4ZQvpYJAgzFL6cihQiFMTGW3AFoRhWvdf1oIwyaE=',
  },
  {
    edge: 'a salt that begins with a zero byte, a u with its top bit set, a password beyond ASCII',
    secrets: ['a1', 'b1'],
    password: 'pässwörd 密码 🔑',
    salt: '00c70f2a9b1111111111111111111111',
    key: 'a7227129941ab3b9e69ce0069395b456',
    claim: 'PgUpKHxrkpALQZXWeTEYWbMvh0Z3HAb7n/s2R4C6o9M=',
  },
  {
    edge: 'a salt with its top bit set',
    secrets: ['a2', 'b2'],
    password,
    salt: 'fe884898da28047151d0e56f8dc62927',
    key: 'c22874ab32b57cbb0fda59ef34b38217',
    claim: 'ITk7q//mxQAi0SphpTUxXyVLriQtgY2qDGMKHxNVx44=',
  },
  {
    edge: 'an S of 383 bytes',
    secrets: ['a737', 'b737'],
    password,
    salt: '5e884898da28047151d0e56f8dc62927',
    key: '4a6cf70c89b6c3876204ea97f4035d4a',
    claim: 'TSpHOEXA8LAL3bIkXeYF761sdywvyJfy3eLf7lj5vs4=',
  },
] as const

for (const vector of vectors) {
  test(`client and server reach what AWS's own client reaches: ${vector.edge}`, () => {
    const [a, b] = [secretOf(vector.secrets[0]), secretOf(vector.secrets[1])]
    const salt = Buffer.from(vector.salt, 'hex')
    const user = client(vector.password, salt, a)
    const ours = server(verifier(vector.password, salt), b)
    assert.equal(Buffer.from(ours.key(user.A)).toString('hex'), vector.key)
    assert.equal(ours.claim(user.A), vector.claim)
    assert.equal(user.claim(ours.B), vector.claim)
  })
}

test('another password, and another b, lead to another claim', () => {
  const a = secretOf('a1')
  const ours = server(verifier(password, salt), secretOf('b1'))
  assert.notEqual(client('Correct-Horse-8', salt, a).claim(ours.B), ours.claim(power(g, a)))
  assert.notEqual(
    server(verifier(password, salt), secretOf('b2')).claim(power(g, a)),
    ours.claim(power(g, a)),
  )
})

test('a multiple of N is no public value', () => {
  assert.deepEqual([0n, N, 2n * N, -1n].map(srp.isPublicValue), [false, false, false, false])
  assert.deepEqual([1n, N - 1n, N + 1n].map(srp.isPublicValue), [true, true, true])
})

test('numbers are hashed as Java writes them', () => {
  const written = (value: bigint) => srp.pad(value).toString('hex')
  assert.deepEqual([0n, 1n, 0x7fn, 0x80n, 0x100n, 0x8000n].map(written), [
    '00',
    '01',
    '7f',
    '0080',
    '0100',
    '008000',
  ])
  assert.equal(srp.pad(N).length, srp.WIDTH + 1)
})

test('N is the safe prime of RFC 5054 and k its published companion', () => {
  assert.equal(bytesFrom(N).length, srp.WIDTH)
  assert.equal(power(g, (N - 1n) / 2n), 1n)
  assert.equal(k.toString(16), '538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6')
})

test('power follows the definition at its edges', () => {
  assert.equal(power(0n, 0n), 1n)
  assert.equal(power(0n, 5n), 0n)
  assert.equal(power(3n, 1n), 3n)
  assert.equal(power(N + 3n, 2n), 9n)
  assert.equal(power(7n, N - 1n), 1n)
})
