import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  SetUserMFAPreferenceCommand,
  type SetUserMFAPreferenceCommandInput,
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
import { setLegacySms } from '../../../test/sign-in.ts'

type Preference = Omit<SetUserMFAPreferenceCommandInput, 'AccessToken'>
const on = { Enabled: true }
const off = { Enabled: false, PreferredMfa: false }
const preferred = { Enabled: true, PreferredMfa: true }
const passkeys = {
  WebAuthnConfiguration: {
    RelyingPartyId: 'example.com',
    FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION',
  },
} as const

for (const by of everybody) {
  describe(by === 'admin' ? 'AdminSetUserMFAPreference' : 'SetUserMFAPreference', () => {
    onEachStore((server) => {
      const factors = { MfaConfiguration: 'OPTIONAL', ...smsFactor, ...emailFactor, ...tokenFactor } as const
      let place: Place
      let single: Place
      before(async () => {
        place = await createFactorPool(server(), { ...factors, ...passkeys }, firstFactors('WEB_AUTHN'))
        const WebAuthnConfiguration = { RelyingPartyId: 'example.com' }
        single = await createFactorPool(
          server(),
          { ...factors, WebAuthnConfiguration },
          firstFactors('WEB_AUTHN'),
        )
      })

      interface Person {
        readonly AccessToken: string
        readonly set: (preference: Preference) => Promise<unknown>
        readonly shown: () => Promise<[preferred: string | undefined, list: string[] | undefined]>
      }
      async function person(
        Username: string,
        attributes: Record<string, string> = { phone_number: phone, email: `${Username}@example.com` },
        { UserPoolId, ClientId } = place,
      ): Promise<Person> {
        await createUser(server(), UserPoolId, Username, attributes)
        const AccessToken = await accessTokenOf(server(), { UserPoolId, ClientId }, Username)
        return {
          AccessToken,
          set: (preference) =>
            by === 'admin'
              ? server().client.send(
                  new AdminSetUserMFAPreferenceCommand({ UserPoolId, Username, ...preference }),
                )
              : server().client.send(new SetUserMFAPreferenceCommand({ AccessToken, ...preference })),
          async shown() {
            const user = await server().client.send(new AdminGetUserCommand({ UserPoolId, Username }))
            return [user.PreferredMfaSetting, user.UserMFASettingList]
          },
        }
      }
      const noDelivery = (factor: string) =>
        refusal('InvalidParameterException', `User does not have delivery config set to turn on ${factor}`)

      test('a software token, once there is one', async () => {
        const { AccessToken, set, shown } = await person('app')
        await assert.rejects(set({ SoftwareTokenMfaSettings: on }), noDelivery('SOFTWARE_TOKEN_MFA'))
        await enrolApp(server(), AccessToken)
        assert.deepEqual(await shown(), [undefined, undefined])
        await set({ SoftwareTokenMfaSettings: preferred })
        assert.deepEqual(await shown(), ['SOFTWARE_TOKEN_MFA', ['SOFTWARE_TOKEN_MFA']])
        await set({ SoftwareTokenMfaSettings: off })
        assert.deepEqual(await shown(), [undefined, undefined])
      })

      test('several factors, of which one is preferred', async () => {
        const { AccessToken, set, shown } = await person('several')
        await enrolApp(server(), AccessToken)
        await set({ SMSMfaSettings: on, EmailMfaSettings: on, SoftwareTokenMfaSettings: on })
        assert.deepEqual(await shown(), [undefined, ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP']])
        await set({ EmailMfaSettings: preferred })
        assert.deepEqual(await shown(), ['EMAIL_OTP', ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP']])
        await set({ SoftwareTokenMfaSettings: preferred, SMSMfaSettings: off })
        assert.deepEqual(await shown(), ['SOFTWARE_TOKEN_MFA', ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP']])
      })

      const alone = refusal(
        'InvalidParameterException',
        'WebAuthn MFA requires enabling an additional MFA setting.',
      )

      test('passkeys, with another factor in the same request', async () => {
        const { AccessToken, set, shown } = await person('passkey')
        await enrolPasskey(server(), AccessToken)
        await set({ SMSMfaSettings: on })
        await assert.rejects(set({ WebAuthnMfaSettings: on }), alone)
        await set({ WebAuthnMfaSettings: on, SMSMfaSettings: on })
        assert.deepEqual(await shown(), [undefined, ['SMS_MFA', 'WEB_AUTHN_MFA']])
        await assert.rejects(set({ SMSMfaSettings: off }), alone)
        await set({ SMSMfaSettings: preferred })
        assert.deepEqual(await shown(), ['SMS_MFA', ['SMS_MFA', 'WEB_AUTHN_MFA']])
        await set({ WebAuthnMfaSettings: { Enabled: false }, SMSMfaSettings: off })
        assert.deepEqual(await shown(), [undefined, undefined])
      })

      test('the legacy SMS option turns no passkeys on, and is enough for them to stay on', async () => {
        const { AccessToken, set, shown } = await person('legacy')
        await enrolPasskey(server(), AccessToken)
        await setLegacySms(server(), place.UserPoolId, 'legacy')
        await assert.rejects(set({ WebAuthnMfaSettings: on }), alone)
        await set({ WebAuthnMfaSettings: on, EmailMfaSettings: on })
        await set({ EmailMfaSettings: off })
        assert.deepEqual(await shown(), [undefined, ['WEB_AUTHN_MFA']])
        await assert.rejects(set({ SMSMfaSettings: off }), alone)
      })

      test('passkeys of a user who has none', async () => {
        const { set } = await person('no-passkey')
        await assert.rejects(
          set({ WebAuthnMfaSettings: on, SMSMfaSettings: on }),
          refusal(
            'InvalidParameterException',
            'User does not have applicable WebAuthn credentials to enable WebAuthn MFA.',
          ),
        )
      })

      test('passkeys in a pool where they are one factor', async () => {
        const { AccessToken, set } = await person('single', undefined, single)
        await enrolPasskey(server(), AccessToken)
        await assert.rejects(
          set({ WebAuthnMfaSettings: on, SMSMfaSettings: on }),
          refusal(
            'InvalidParameterException',
            'WebAuthn MFA requires the FactorConfiguration MULTI_FACTOR_WITH_USER_VERIFICATION of the user pool.',
          ),
        )
      })

      test('a factor without an address', async () => {
        const { set, shown } = await person('bare', {})
        await assert.rejects(set({ SMSMfaSettings: on }), noDelivery('SMS_MFA'))
        await assert.rejects(set({ EmailMfaSettings: on }), noDelivery('EMAIL_OTP'))
        await set({ SMSMfaSettings: off, EmailMfaSettings: off, SoftwareTokenMfaSettings: off })
        assert.deepEqual(await shown(), [undefined, undefined])
      })

      test('two preferences, and one for a factor that is off', async () => {
        const { set } = await person('contrary')
        await assert.rejects(
          set({ SMSMfaSettings: preferred, EmailMfaSettings: preferred }),
          refusal('InvalidParameterException', 'Only one MFA factor can be set as preferred.'),
        )
        await assert.rejects(
          set({ SMSMfaSettings: { Enabled: false, PreferredMfa: true } }),
          refusal('InvalidParameterException', 'An MFA factor must be enabled to be set as preferred.'),
        )
      })

      for (const [status, name, text] of [
        ['UNCONFIRMED', 'UserNotConfirmedException', 'User is not confirmed.'],
        ['RESET_REQUIRED', 'PasswordResetRequiredException', 'Password reset required for the user'],
      ] as const) {
        test(`a user who is ${status}`, async () => {
          const { set } = await person(status)
          await changeUser(server(), place.UserPoolId, status, (user) => ({ ...user, status }))
          await assert.rejects(set({ SMSMfaSettings: on }), refusal(name, text))
        })
      }
    })
  })
}
