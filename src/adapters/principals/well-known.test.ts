import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wellKnownPrincipals } from './well-known.ts'

test('the well-known key is the root of the account', () => {
  const principals = wellKnownPrincipals('123456789012')
  const key = principals.find('test') ?? assert.fail()
  assert.ok(key.secret.matches('test'))
  assert.equal(key.principal.arn, 'arn:aws:iam::123456789012:root')
  assert.equal(key.principal.unrestricted, true)
  assert.equal(principals.find('other'), undefined)
})
