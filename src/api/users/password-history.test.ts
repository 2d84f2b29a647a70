import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AdminSetUserPasswordCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createPlace, type Place, showUser, tokensOf } from '../../../test/accounts.ts'
import { createUser, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'

const used = refusal('PasswordHistoryPolicyViolationException', 'Password has previously been used')

describe('AdminSetUserPassword and the history of passwords', () => {
  onEachStore((server) => {
    const set = (Username: string, Password: string, Permanent: boolean, { UserPoolId }: Place) =>
      server().client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent }))

    test('the last passwords of the policy are not set again, for good or for a while', async () => {
      const here = await createPlace(server(), {
        Policies: { PasswordPolicy: { MinimumLength: 8, PasswordHistorySize: 2 } },
      })
      await createUser(server(), here.UserPoolId, 'repeating', {})
      const passwords = ['Horse-number-1', 'Horse-number-2', 'Horse-number-3']
      for (const next of passwords) {
        server().clock.now += 1000
        await set('repeating', next, true, here)
      }
      await assert.rejects(set('repeating', 'Horse-number-3', false, here), used)
      await assert.rejects(set('repeating', 'Horse-number-2', true, here), used)
      assert.equal((await showUser(server(), here, 'repeating')).UserStatus, 'CONFIRMED')
      server().clock.now += 1000
      await set('repeating', 'Horse-number-1', true, here)
      await tokensOf(server(), here, 'repeating', 'Horse-number-1')
    })
  })
})
