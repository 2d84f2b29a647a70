import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { openVault, parseVaultKeys } from './local.ts'

const first = { id: 'first', secret: randomBytes(32).toString('base64') }
const second = { id: 'second', secret: randomBytes(32).toString('base64') }
const vaultOf = (...keys: object[]) => openVault(parseVaultKeys(JSON.stringify({ keys })))

const secret = Buffer.from('a verifier')
const context = 'password us-east-1_abc 3f0'

test('opens what it sealed, and the text has the form it promises', () => {
  const vault = vaultOf(first)
  const sealed = vault.seal(secret, context)
  assert.match(sealed, /^v1\.first\.[\w-]{16}\.[\w-]+$/)
  assert.deepEqual(vault.open(sealed, context), secret)
  assert.equal(vault.open(vault.seal(Buffer.alloc(0), ''), '').length, 0)
})

test('the same secret is never sealed the same way twice', () => {
  const vault = vaultOf(first)
  assert.notEqual(vault.seal(secret, context), vault.seal(secret, context))
})

test('opens under its own context only', () => {
  const vault = vaultOf(first)
  const sealed = vault.seal(secret, context)
  assert.throws(() => vault.open(sealed, 'password us-east-1_abc 4f0'), /another context/)
})

test('after rotation the new key seals and the old one still opens', () => {
  const sealed = vaultOf(first).seal(secret, context)
  const rotated = vaultOf(second, first)
  assert.deepEqual(rotated.open(sealed, context), secret)
  assert.match(rotated.seal(secret, context), /^v1\.second\./)
  assert.throws(() => vaultOf(second).open(sealed, context), /no key "first"/)
})

test('another key of the same id does not open', () => {
  const sealed = vaultOf(first).seal(secret, context)
  assert.throws(() => vaultOf({ ...second, id: 'first' }).open(sealed, context), /altered/)
})

test('one bit changed anywhere, or a text cut, does not open', () => {
  const vault = vaultOf(first)
  const [, , iv = '', body = ''] = vault.seal(secret, context).split('.')
  const flipped = (text: string, at: number) => {
    const bytes = Buffer.from(text, 'base64url')
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    return bytes.toString('base64url')
  }
  const length = Buffer.from(body, 'base64url').length
  for (let at = 0; at < length; at++) {
    assert.throws(() => vault.open(`v1.first.${iv}.${flipped(body, at)}`, context), /altered/)
  }
  assert.throws(() => vault.open(`v1.first.${flipped(iv, 0)}.${body}`, context), /altered/)
  assert.throws(() => vault.open(`v1.first.${iv}.${body.slice(0, 8)}`, context), /altered/)
  assert.throws(() => vault.open(`v1.first..${body}`, context), /altered/)
  assert.throws(() => vault.open(`v1.first.${iv}.`, context), /altered/)
})

test('other texts are told apart from damaged ones', () => {
  const vault = vaultOf(first)
  for (const text of ['', 'password', 'v2.first.a.b', 'v1.first.a.b.c']) {
    assert.throws(() => vault.open(text, context), /not a text that a vault sealed/, text)
  }
})

test('keys that are not as they should be are refused, without a word of them', () => {
  const told = (text: string) => {
    try {
      return assert.fail(`accepted: ${inspect(parseVaultKeys(text))}`)
    } catch (error) {
      return inspect(error)
    }
  }
  const { secret } = first
  const cases: [text: string, expected: RegExp][] = [
    [secret, /must have the form/],
    [`{ "keys": [{ "id": "first", "secret": ${secret} }] }`, /must have the form/],
    [JSON.stringify({ keys: [] }), /must have the form/],
    [JSON.stringify(null), /must have the form/],
    [JSON.stringify({ keys: [null] }), /key 1 needs an id/],
    [JSON.stringify({ keys: [{ id: 'a.b', secret }] }), /key 1 needs an id/],
    [JSON.stringify({ keys: [first, { id: 'b', secret: `!${secret.slice(1)}` }] }), /"b" needs a secret/],
    [JSON.stringify({ keys: [{ id: 'b', secret: secret.slice(4) }] }), /"b" needs a secret/],
    [JSON.stringify({ keys: [first, { ...second, id: 'first' }] }), /same id/],
  ]
  for (const [text, expected] of cases) {
    const message = told(text)
    assert.match(message, expected)
    assert.ok(!message.includes(secret.slice(8, 16)), message)
  }
  assert.throws(() => openVault([]), /needs a key/)
})

test('a key does not show itself', () => {
  const key = parseVaultKeys(JSON.stringify({ keys: [first] }))
  assert.ok(!`${inspect(key, { depth: 9, showHidden: true })}${JSON.stringify(key)}`.includes(first.secret))
})
