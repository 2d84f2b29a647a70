import assert from 'node:assert/strict'
import { sign, verify } from 'node:crypto'
import { test } from 'node:test'
import { keyMaker } from './key-maker.ts'

test('makes RSA pairs of 2048 bits that sign and verify, each another', async () => {
  const [one, two] = await Promise.all([keyMaker.rsa(), keyMaker.rsa()])
  assert.deepEqual(one.privateKey.asymmetricKeyDetails, { modulusLength: 2048, publicExponent: 65537n })
  const text = Buffer.from('header.payload')
  const signature = sign('RSA-SHA256', text, one.privateKey)
  assert.ok(verify('RSA-SHA256', text, one.publicKey, signature))
  assert.ok(!verify('RSA-SHA256', text, two.publicKey, signature))
})
