import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminDeleteSoftwareTokenCommand,
  AdminGetUserCommand,
  AssociateSoftwareTokenCommand,
  SetUserMFAPreferenceCommand,
  type SetUserMFAPreferenceCommandInput,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  accessTokenOf,
  appCode,
  changeUser,
  createFactorPool,
  enrolApp,
  type Place,
  setUpApp,
  smsFactor,
  startByPassword,
  tokenFactor,
} from '../../../test/factors.ts'
import { createUser, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'

const on = { Enabled: true }

describe('AdminDeleteSoftwareToken', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createFactorPool(server(), { MfaConfiguration: 'OPTIONAL', ...tokenFactor, ...smsFactor })
    })
    const remove = (Username: string, { UserPoolId } = place) =>
      server().client.send(new AdminDeleteSoftwareTokenCommand({ UserPoolId, Username }))
    const show = (Username: string) =>
      server().client.send(new AdminGetUserCommand({ UserPoolId: place.UserPoolId, Username }))

    async function userWith(
      name: string,
      preference: Omit<SetUserMFAPreferenceCommandInput, 'AccessToken'>,
    ): Promise<string> {
      await createUser(server(), place.UserPoolId, name)
      const AccessToken = await accessTokenOf(server(), place, name)
      await enrolApp(server(), AccessToken)
      await server().client.send(new SetUserMFAPreferenceCommand({ AccessToken, ...preference }))
      return AccessToken
    }

    test('the user is asked for no code any more, and can register another app', async () => {
      const AccessToken = await userWith('only', {
        SoftwareTokenMfaSettings: { ...on, PreferredMfa: true },
      })
      assert.equal((await startByPassword(server(), place, 'only')).ChallengeName, 'SOFTWARE_TOKEN_MFA')
      const { $metadata, ...output } = await remove('only')
      assert.equal($metadata.httpStatusCode, 200)
      assert.deepEqual(output, {})
      assert.ok((await startByPassword(server(), place, 'only')).AuthenticationResult)
      const user = await show('only')
      assert.equal(user.PreferredMfaSetting, undefined)
      assert.equal(user.UserMFASettingList, undefined)
      await enrolApp(server(), AccessToken)
    })

    test('other factors stay, with a preference for one of them', async () => {
      await userWith('two', { SMSMfaSettings: { ...on, PreferredMfa: true }, SoftwareTokenMfaSettings: on })
      await remove('two')
      const user = await show('two')
      assert.equal(user.PreferredMfaSetting, 'SMS_MFA')
      assert.deepEqual(user.UserMFASettingList, ['SMS_MFA'])
      assert.equal((await startByPassword(server(), place, 'two')).ChallengeName, 'SMS_MFA')
    })

    test('in a pool that demands a factor, one is set up at the next sign-in', async () => {
      const strict = await createFactorPool(server(), { MfaConfiguration: 'ON', ...tokenFactor })
      await createUser(server(), strict.UserPoolId, 'strict', {})
      const asked = await startByPassword(server(), strict, 'strict')
      const signedIn = await setUpApp(server(), strict, asked, 'strict')
      assert.ok(signedIn.AuthenticationResult)
      assert.equal((await startByPassword(server(), strict, 'strict')).ChallengeName, 'SOFTWARE_TOKEN_MFA')
      await remove('strict', strict)
      assert.equal((await startByPassword(server(), strict, 'strict')).ChallengeName, 'MFA_SETUP')
    })

    test('what was being set up is gone too', async () => {
      await createUser(server(), place.UserPoolId, 'waiting')
      const AccessToken = await accessTokenOf(server(), place, 'waiting')
      const { SecretCode } = await server().client.send(new AssociateSoftwareTokenCommand({ AccessToken }))
      await remove('waiting')
      const UserCode = appCode(server(), SecretCode)
      await assert.rejects(
        server().client.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode })),
        refusal('SoftwareTokenMFANotFoundException', 'Software Token MFA does not exist for the user.'),
      )
    })

    test('a user without one is left as they are', async () => {
      await createUser(server(), place.UserPoolId, 'none')
      await remove('none')
      assert.ok((await startByPassword(server(), place, 'none')).AuthenticationResult)
    })

    test('a user who is not confirmed', async () => {
      await createUser(server(), place.UserPoolId, 'unconfirmed')
      await changeUser(server(), place.UserPoolId, 'unconfirmed', (user) => ({
        ...user,
        status: 'UNCONFIRMED',
      }))
      await assert.rejects(
        remove('unconfirmed'),
        refusal('UserNotConfirmedException', 'User is not confirmed.'),
      )
    })

    test('a user who is not there', async () => {
      await assert.rejects(remove('nobody'), refusal('UserNotFoundException', 'User does not exist.'))
    })
  })
})
