/** What AdminSetUserMFAPreference and SetUserMFAPreference must both do. */

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  AdminSetUserMFAPreferenceCommand,
  type AdminSetUserMFAPreferenceCommandInput,
  SetUserMFAPreferenceCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createClient, createUser, password, phone, refusal } from '../fixtures.ts'
import { onEachStore } from '../harness.ts'
import {
  changeUser,
  createMfaPool,
  emailFactor,
  type Place,
  setLegacySms,
  setStatus,
  showUser,
  sms,
  smsFactor,
  start,
  tokensOf,
} from '../sign-in.ts'

type Preference = Omit<AdminSetUserMFAPreferenceCommandInput, 'UserPoolId' | 'Username'>

const on = { Enabled: true }
const off = { Enabled: false }
const preferred = { Enabled: true, PreferredMfa: true }

export function preferenceSuite(operation: 'AdminSetUserMFAPreference' | 'SetUserMFAPreference'): void {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      const UserPoolId = await createMfaPool(server(), {
        MfaConfiguration: 'OPTIONAL',
        ...smsFactor,
        ...emailFactor,
      })
      place = { UserPoolId, ...(await createClient(server(), UserPoolId)) }
    })

    /** A new user, and the operation on them; its token is taken while no second factor stands in the way. */
    async function subject(
      Username: string,
      attributes: Record<string, string> = { phone_number: phone, email: 'subject@example.com' },
    ) {
      const { UserPoolId } = place
      await createUser(server(), UserPoolId, Username, attributes)
      const { AccessToken } = await tokensOf(server(), place, Username)
      return {
        set: (preference: Preference) =>
          operation === 'AdminSetUserMFAPreference'
            ? server().client.send(
                new AdminSetUserMFAPreferenceCommand({ UserPoolId, Username, ...preference }),
              )
            : server().client.send(new SetUserMFAPreferenceCommand({ AccessToken, ...preference })),
        /** The legacy list, the enabled factors, the preferred one. */
        async shown() {
          const user = await showUser(server(), UserPoolId, Username)
          return [user.MFAOptions, user.UserMFASettingList, user.PreferredMfaSetting]
        },
        challenge: async () => {
          const parameters = { USERNAME: Username, PASSWORD: password }
          const { ChallengeName } = await start(server(), 'AdminInitiateAuth', place, parameters)
          return ChallengeName
        },
      }
    }

    test('answers an empty structure, and moves the modification date', async () => {
      const { set } = await subject('answered')
      server().clock.now += 1000
      const { $metadata, ...output } = await set({ SMSMfaSettings: on })
      assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      const { UserLastModifiedDate } = await showUser(server(), place.UserPoolId, 'answered')
      assert.equal(UserLastModifiedDate?.getTime(), server().clock.now)
    })

    test('factors are switched one by one, and one of them is preferred', async () => {
      const { set, shown, challenge } = await subject('switching')
      const none = undefined
      const rows: [Preference, unknown[], string | undefined][] = [
        [{}, [none, none, none], none],
        [{ EmailMfaSettings: on }, [none, ['EMAIL_OTP'], none], 'EMAIL_OTP'],
        [{ SMSMfaSettings: on }, [sms, ['SMS_MFA', 'EMAIL_OTP'], none], 'SELECT_MFA_TYPE'],
        [{ SMSMfaSettings: preferred }, [sms, ['SMS_MFA', 'EMAIL_OTP'], 'SMS_MFA'], 'SMS_MFA'],
        [{ EmailMfaSettings: on }, [sms, ['SMS_MFA', 'EMAIL_OTP'], 'SMS_MFA'], 'SMS_MFA'],
        [{ EmailMfaSettings: preferred }, [sms, ['SMS_MFA', 'EMAIL_OTP'], 'EMAIL_OTP'], 'EMAIL_OTP'],
        [
          { EmailMfaSettings: { PreferredMfa: false } },
          [sms, ['SMS_MFA', 'EMAIL_OTP'], none],
          'SELECT_MFA_TYPE',
        ],
        [
          { EmailMfaSettings: { PreferredMfa: true } },
          [sms, ['SMS_MFA', 'EMAIL_OTP'], 'EMAIL_OTP'],
          'EMAIL_OTP',
        ],
        [{ EmailMfaSettings: off }, [sms, ['SMS_MFA'], none], 'SMS_MFA'],
        [{ SMSMfaSettings: off }, [none, none, none], none],
      ]
      for (const [preference, state, challenged] of rows) {
        await set(preference)
        assert.deepEqual(await shown(), state, JSON.stringify(preference))
        assert.equal(await challenge(), challenged, JSON.stringify(preference))
      }
      await server().sent()
    })

    test('disabling everything leaves nothing to show, and asks for no address', async () => {
      const { set, shown } = await subject('bare', {})
      const disabled = { Enabled: false, PreferredMfa: false }
      await set({ SMSMfaSettings: disabled, EmailMfaSettings: disabled, SoftwareTokenMfaSettings: disabled })
      assert.deepEqual(await shown(), [undefined, undefined, undefined])
    })

    test('disabling SMS takes the legacy option with it; enabling another factor does not', async () => {
      const { set, shown } = await subject('legacy')
      await setLegacySms(server(), place.UserPoolId, 'legacy')
      await set({ EmailMfaSettings: on })
      assert.deepEqual(await shown(), [sms, ['EMAIL_OTP'], undefined])
      await set({ SMSMfaSettings: off })
      assert.deepEqual(await shown(), [undefined, ['EMAIL_OTP'], undefined])
    })

    test('a factor needs what it reaches the user by', async () => {
      const { set, shown } = await subject('unreachable', {})
      for (const [member, factor] of [
        ['SMSMfaSettings', 'SMS_MFA'],
        ['EmailMfaSettings', 'EMAIL_OTP'],
        ['SoftwareTokenMfaSettings', 'SOFTWARE_TOKEN_MFA'],
      ] as const) {
        await assert.rejects(
          set({ [member]: preferred }),
          refusal('InvalidParameterException', `User does not have delivery config set to turn on ${factor}`),
        )
      }
      assert.deepEqual(await shown(), [undefined, undefined, undefined])
    })

    test('one factor is preferred at most, and it must be enabled', async () => {
      const { set, shown } = await subject('greedy')
      await assert.rejects(
        set({ SMSMfaSettings: preferred, EmailMfaSettings: preferred }),
        refusal('InvalidParameterException', 'Only one MFA factor can be set as preferred.'),
      )
      for (const SMSMfaSettings of [{ Enabled: false, PreferredMfa: true }, { PreferredMfa: true }]) {
        await assert.rejects(
          set({ SMSMfaSettings }),
          refusal('InvalidParameterException', 'An MFA factor must be enabled to be set as preferred.'),
        )
      }
      assert.deepEqual(await shown(), [undefined, undefined, undefined])
    })

    test('a user who must confirm or reset first', async () => {
      const { set, shown } = await subject('held')
      await setStatus(server(), place.UserPoolId, 'held', 'UNCONFIRMED')
      await assert.rejects(
        set({ SMSMfaSettings: on }),
        refusal('UserNotConfirmedException', 'User is not confirmed.'),
      )
      await setStatus(server(), place.UserPoolId, 'held', 'RESET_REQUIRED')
      await assert.rejects(
        set({ SMSMfaSettings: on }),
        refusal('PasswordResetRequiredException', 'Password reset required for the user'),
      )
      assert.deepEqual(await shown(), [undefined, undefined, undefined])
    })

    test('a factor whose address is gone can be switched off, and is asked for no more', async () => {
      const { set, challenge, shown } = await subject('moved-out')
      await set({ EmailMfaSettings: preferred })
      await changeUser(server(), place.UserPoolId, 'moved-out', ({ attributes, ...user }) => {
        const { email: _, ...others } = attributes
        return { ...user, attributes: others }
      })
      assert.equal(await challenge(), undefined)
      await set({ SMSMfaSettings: on })
      assert.deepEqual(await shown(), [sms, ['SMS_MFA', 'EMAIL_OTP'], 'EMAIL_OTP'])
      assert.equal(await challenge(), 'SMS_MFA')
      await set({ EmailMfaSettings: off })
      assert.deepEqual(await shown(), [sms, ['SMS_MFA'], undefined])
      await server().sent()
    })
  })
}
