import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  SetUserSettingsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createPool, createUser, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import { type Place, setStatus, showUser, sms, tokensOf } from '../../../test/sign-in.ts'
import { settingsSuite } from '../../../test/suites/user-settings.ts'
import { hours } from '../../lib/instant.ts'

describe('SetUserSettings', () => {
  settingsSuite('SetUserSettings')

  onEachStore((server) => {
    let place: Place
    before(async () => {
      const UserPoolId = await createPool(server())
      place = { UserPoolId, ...(await createClient(server(), UserPoolId)) }
    })
    const set = (AccessToken: string) =>
      server().client.send(new SetUserSettingsCommand({ AccessToken, MFAOptions: sms }))
    async function tokenOf(name: string) {
      await createUser(server(), place.UserPoolId, name)
      return (await tokensOf(server(), place, name)).AccessToken
    }

    test('1.2: the access token is all it takes; signatures and IAM do not matter', async () => {
      const AccessToken = await tokenOf('unsigned')
      const unsigned = await callRaw(
        server(),
        'SetUserSettings',
        JSON.stringify({ AccessToken, MFAOptions: sms }),
      )
      assert.deepEqual([unsigned.status, unsigned.body], [200, '{}'])
      assert.deepEqual((await showUser(server(), place.UserPoolId, 'unsigned')).MFAOptions, sms)
      const stranger = server().as('AKIAUNKNOWN', 'secret')
      await stranger.send(new SetUserSettingsCommand({ AccessToken, MFAOptions: [] }))
      assert.equal((await showUser(server(), place.UserPoolId, 'unsigned')).MFAOptions, undefined)
    })

    test('1.3: both members are required, and the token is never echoed', async () => {
      await assert.rejects(
        server().client.send(new SetUserSettingsCommand(JSON.parse('{}'))),
        refusal(
          'InvalidParameterException',
          "2 validation errors detected: Value at 'accessToken' failed to satisfy constraint: Member must not be null; Value null at 'mFAOptions' failed to satisfy constraint: Member must not be null",
        ),
      )
      await assert.rejects(
        set('not a token'),
        refusal(
          'InvalidParameterException',
          "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+",
        ),
      )
    })

    test('1.5: a user who must confirm or reset first', async () => {
      const token = await tokenOf('held')
      await setStatus(server(), place.UserPoolId, 'held', 'UNCONFIRMED')
      await assert.rejects(set(token), refusal('UserNotConfirmedException', 'User is not confirmed.'))
      await setStatus(server(), place.UserPoolId, 'held', 'RESET_REQUIRED')
      await assert.rejects(
        set(token),
        refusal('PasswordResetRequiredException', 'Password reset required for the user'),
      )
      assert.equal((await showUser(server(), place.UserPoolId, 'held')).MFAOptions, undefined)
    })

    test('1.5: a token that is none, expired, revoked, or whose user is gone', async () => {
      const { UserPoolId } = place
      const notAuthorized = (text: string) => refusal('NotAuthorizedException', text)
      await assert.rejects(set('garbage'), notAuthorized('Invalid Access Token'))
      const [expiring, revoked, gone] = [
        await tokenOf('expiring'),
        await tokenOf('revoked'),
        await tokenOf('gone'),
      ]
      await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'revoked' }))
      await assert.rejects(set(revoked), notAuthorized('Access Token has been revoked'))
      await server().client.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'gone' }))
      await assert.rejects(set(gone), refusal('UserNotFoundException', 'User does not exist.'))
      server().clock.now += hours(1)
      await assert.rejects(set(expiring), notAuthorized('Access Token has expired'))
    })
  })
})
