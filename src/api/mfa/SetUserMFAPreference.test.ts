import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SetUserMFAPreferenceCommand } from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, createUser, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { showUser, tokensOf } from '../../../test/sign-in.ts'
import { preferenceSuite } from '../../../test/suites/mfa-preference.ts'

describe('SetUserMFAPreference', () => {
  preferenceSuite('SetUserMFAPreference')

  onEachStore((server) => {
    test('the access token is all it takes, and it must be one', async () => {
      const UserPoolId = await createPool(server())
      const { ClientId } = await createClient(server(), UserPoolId)
      await createUser(server(), UserPoolId, 'unsigned')
      const { AccessToken } = await tokensOf(server(), { UserPoolId, ClientId }, 'unsigned')
      const SMSMfaSettings = { Enabled: true }
      const answer = await callRaw(
        server(),
        'SetUserMFAPreference',
        JSON.stringify({ AccessToken, SMSMfaSettings }),
      )
      assert.deepEqual([answer.status, answer.body], [200, '{}'])
      assert.deepEqual((await showUser(server(), UserPoolId, 'unsigned')).UserMFASettingList, ['SMS_MFA'])
      await assert.rejects(
        server().client.send(new SetUserMFAPreferenceCommand({ AccessToken: 'garbage', SMSMfaSettings })),
        refusal('NotAuthorizedException', 'Invalid Access Token'),
      )
    })
  })
})
