import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminGetUserAuthFactorsCommand,
  GetUserAuthFactorsCommand,
  SetUserMFAPreferenceCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  accessTokenOf,
  changeUser,
  createFactorPool,
  emailFactor,
  enrolApp,
  enrolPasskey,
  everybody,
  firstFactors,
  type Place,
  smsFactor,
  tokenFactor,
} from '../../../test/factors.ts'
import { createUser, phone, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'

const everything = { phone_number: phone, email: 'ada@example.com' }

for (const by of everybody) {
  describe(by === 'admin' ? 'AdminGetUserAuthFactors' : 'GetUserAuthFactors', () => {
    onEachStore((server) => {
      let full: Place
      let bare: Place
      before(async () => {
        full = await createFactorPool(
          server(),
          {
            MfaConfiguration: 'OPTIONAL',
            ...tokenFactor,
            WebAuthnConfiguration: { RelyingPartyId: 'example.com' },
          },
          firstFactors('EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'),
        )
        bare = await createFactorPool(server(), { MfaConfiguration: 'OFF' })
      })
      async function show({ UserPoolId }: Place, Username: string, AccessToken: string) {
        const { $metadata, ...shown } = await (by === 'admin'
          ? server().client.send(new AdminGetUserAuthFactorsCommand({ UserPoolId, Username }))
          : server().client.send(new GetUserAuthFactorsCommand({ AccessToken })))
        assert.equal($metadata.httpStatusCode, 200)
        return shown
      }
      async function person(place: Place, name: string, attributes: Record<string, string>) {
        await createUser(server(), place.UserPoolId, name, attributes)
        return accessTokenOf(server(), place, name)
      }

      test('a password and nothing else', async () => {
        const token = await person(full, 'plain', {})
        assert.deepEqual(await show(full, 'plain', token), {
          Username: 'plain',
          ConfiguredUserAuthFactors: ['PASSWORD'],
        })
      })

      test('all there is, and what the user prefers', async () => {
        const AccessToken = await person(full, 'full', everything)
        await enrolApp(server(), AccessToken)
        await enrolPasskey(server(), AccessToken)
        const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true }
        await server().client.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }))
        assert.deepEqual(await show(full, 'full', AccessToken), {
          Username: 'full',
          PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA',
          UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
          ConfiguredUserAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN', 'SOFTWARE_TOKEN'],
        })
      })

      test('addresses count where the pool sends codes to them', async () => {
        const token = await person(bare, 'bare', everything)
        assert.deepEqual((await show(bare, 'bare', token)).ConfiguredUserAuthFactors, ['PASSWORD'])
        const mfa = await createFactorPool(server(), {
          MfaConfiguration: 'OPTIONAL',
          ...smsFactor,
          ...emailFactor,
        })
        const other = await person(mfa, 'mfa', everything)
        assert.deepEqual((await show(mfa, 'mfa', other)).ConfiguredUserAuthFactors, [
          'PASSWORD',
          'EMAIL_OTP',
          'SMS_OTP',
        ])
      })

      for (const [status, name, text] of [
        ['UNCONFIRMED', 'UserNotConfirmedException', 'User is not confirmed.'],
        ['RESET_REQUIRED', 'PasswordResetRequiredException', 'Password reset required for the user'],
      ] as const) {
        test(`a user who is ${status}`, async () => {
          const token = await person(full, status, {})
          await changeUser(server(), full.UserPoolId, status, (user) => ({ ...user, status }))
          if (by === 'public') await assert.rejects(show(full, status, token), refusal(name, text))
          else assert.equal((await show(full, status, token)).Username, status)
        })
      }
    })
  })
}
