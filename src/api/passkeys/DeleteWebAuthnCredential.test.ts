import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminGetUserCommand,
  DeleteWebAuthnCredentialCommand,
  ListWebAuthnCredentialsCommand,
  SetUserMFAPreferenceCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  accessTokenOf,
  changeUser,
  createFactorPool,
  enrolPasskey,
  firstFactors,
  type Place,
  smsFactor,
  startByChoice,
} from '../../../test/factors.ts'
import { createUser, phone, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'

const notFound = refusal('ResourceNotFoundException', 'The passkey credential does not exist.')

describe('DeleteWebAuthnCredential', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      const WebAuthnConfiguration = {
        RelyingPartyId: 'example.com',
        FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION',
      } as const
      place = await createFactorPool(
        server(),
        { MfaConfiguration: 'OPTIONAL', ...smsFactor, WebAuthnConfiguration },
        firstFactors('WEB_AUTHN'),
      )
    })
    const remove = (AccessToken: string, CredentialId: string) =>
      server().client.send(new DeleteWebAuthnCredentialCommand({ AccessToken, CredentialId }))
    async function tokenFor(name: string): Promise<string> {
      await createUser(server(), place.UserPoolId, name, { phone_number: phone })
      return accessTokenOf(server(), place, name)
    }

    test('the passkey is gone, and no longer offered', async () => {
      const AccessToken = await tokenFor('ada')
      const { credentialId } = await enrolPasskey(server(), AccessToken)
      assert.equal((await startByChoice(server(), place, 'ada', 'WEB_AUTHN')).ChallengeName, 'WEB_AUTHN')
      const { $metadata, ...output } = await remove(AccessToken, credentialId)
      assert.equal($metadata.httpStatusCode, 200)
      assert.deepEqual(output, {})
      const { Credentials } = await server().client.send(new ListWebAuthnCredentialsCommand({ AccessToken }))
      assert.deepEqual(Credentials, [])
      const { ChallengeName, AvailableChallenges } = await startByChoice(server(), place, 'ada', 'WEB_AUTHN')
      assert.equal(ChallengeName, 'SELECT_CHALLENGE')
      assert.deepEqual(AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD'])
      await assert.rejects(remove(AccessToken, credentialId), notFound)
    })

    test('with the last one goes passkey MFA', async () => {
      const AccessToken = await tokenFor('last')
      const ids = [await enrolPasskey(server(), AccessToken), await enrolPasskey(server(), AccessToken)]
      const on = { Enabled: true }
      await server().client.send(
        new SetUserMFAPreferenceCommand({ AccessToken, SMSMfaSettings: on, WebAuthnMfaSettings: on }),
      )
      const factors = []
      for (const { credentialId } of ids) {
        await remove(AccessToken, credentialId)
        const name = { UserPoolId: place.UserPoolId, Username: 'last' }
        factors.push((await server().client.send(new AdminGetUserCommand(name))).UserMFASettingList)
      }
      assert.deepEqual(factors, [['SMS_MFA', 'WEB_AUTHN_MFA'], ['SMS_MFA']])
    })

    test('a passkey of somebody else, and what is none', async () => {
      const [AccessToken, another] = [await tokenFor('mine'), await tokenFor('another')]
      const { credentialId } = await enrolPasskey(server(), another)
      for (const id of [credentialId, 'absent', '', '\0', 'ä', 'x'.repeat(5000)])
        await assert.rejects(remove(AccessToken, id), notFound)
    })

    test('a user who must reset the password', async () => {
      const AccessToken = await tokenFor('reset')
      await changeUser(server(), place.UserPoolId, 'reset', (user) => ({ ...user, status: 'RESET_REQUIRED' }))
      await assert.rejects(
        remove(AccessToken, 'any'),
        refusal('PasswordResetRequiredException', 'Password reset required for the user'),
      )
    })
  })
})
