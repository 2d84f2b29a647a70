import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { showAttribute } from './scopes.ts'

const names = [
  'email',
  'email_verified',
  'phone_number',
  'phone_number_verified',
  'name',
  'custom:team',
  'address',
]

describe('what scopes show of a user', () => {
  const rows: readonly [string, readonly string[]][] = [
    ['openid', names],
    ['openid aws.cognito.signin.user.admin api/read', names],
    ['openid email', ['email', 'email_verified']],
    ['openid phone', ['phone_number', 'phone_number_verified']],
    ['openid profile', ['name', 'custom:team']],
    ['openid email profile', ['email', 'email_verified', 'name', 'custom:team']],
  ]
  for (const [scope, shown] of rows) {
    test(scope, () =>
      assert.deepEqual(
        names.filter((name) => showAttribute(scope.split(' '), name)),
        shown,
      ),
    )
  }
})
