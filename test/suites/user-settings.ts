/**
 * What AdminSetUserSettings and SetUserSettings must both do. The numbers are the clauses of the contract as
 * spec/admin-set-user-settings.md states it, in order: 1.x is its section 1, the wire; 2.x its section 2, the effect.
 */

import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserSettingsCommand,
  AdminUpdateUserAttributesCommand,
  DeleteUserPoolCommand,
  GetUserCommand,
  ListUsersCommand,
  type MFAOptionType,
  SetUserPoolMfaConfigCommand,
  SetUserSettingsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { HttpResponse } from '../../src/protocol/aws-json.ts'
import { attributeList, createClient, createPool, createUser, phone, refusal } from '../fixtures.ts'
import { onEachStore, sdkClient } from '../harness.ts'
import {
  changeUser,
  codeSent,
  createMfaPool,
  emailFactor,
  enableFactors,
  type Place,
  respond,
  showUser,
  sms,
  smsFactor,
  start,
  tokenFactor,
  tokensOf,
} from '../sign-in.ts'

export type Settings = 'AdminSetUserSettings' | 'SetUserSettings'

export function settingsSuite(operation: Settings): void {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await newPlace(await createPool(server(), { AliasAttributes: ['email', 'phone_number'] }))
    })
    async function newPlace(UserPoolId: string): Promise<Place> {
      return { UserPoolId, ...(await createClient(server(), UserPoolId)) }
    }

    /** A new user, and the operation on them; its token is taken while no second factor stands in the way. */
    async function subject(
      Username: string,
      attributes: Record<string, string> = { phone_number: phone },
      at = place,
    ) {
      const { UserPoolId } = at
      await createUser(server(), UserPoolId, Username, attributes)
      const { AccessToken } = await tokensOf(server(), at, Username)
      const whose = operation === 'AdminSetUserSettings' ? { UserPoolId, Username } : { AccessToken }
      const command = (options: unknown) =>
        operation === 'AdminSetUserSettings'
          ? new AdminSetUserSettingsCommand({ UserPoolId, Username, MFAOptions: options as MFAOptionType[] })
          : new SetUserSettingsCommand({ AccessToken, MFAOptions: options as MFAOptionType[] })
      return {
        whose,
        AccessToken,
        command,
        set: (options: unknown) => server().client.send(command(options) as AdminSetUserSettingsCommand),
        show: () => showUser(server(), UserPoolId, Username),
        signIn: () =>
          start(server(), 'AdminInitiateAuth', at, { USERNAME: Username, PASSWORD: 'Correct-horse-9' }),
      }
    }

    const violations = (...texts: string[]) =>
      refusal(
        'InvalidParameterException',
        `${texts.length} validation error${texts.length > 1 ? 's' : ''} detected: ${texts.join('; ')}`,
      )
    const failed = (value: string, constraint: string) =>
      `Value${value} failed to satisfy constraint: ${constraint}`

    describe('the wire', () => {
      test('1.1, 1.4, 1.9: the target is the name of the operation; the answer is 200, an empty structure', async () => {
        const { command } = await subject('answered')
        const seen: { target?: string | undefined; answer?: HttpResponse } = {}
        const client = sdkClient(
          async (request) => {
            seen.target = request.headers['x-amz-target']
            seen.answer = await server().api(request)
            return seen.answer
          },
          { accessKeyId: 'test', secretAccessKey: 'test' },
        )
        const { $metadata, ...output } = await client.send(command(sms) as AdminSetUserSettingsCommand)
        assert.equal(seen.target, `AWSCognitoIdentityProviderService.${operation}`)
        assert.deepEqual([seen.answer?.status, seen.answer?.body], [200, '{}'])
        assert.equal(seen.answer?.headers['content-type'], 'application/x-amz-json-1.1')
        assert.deepEqual([$metadata.httpStatusCode, output], [200, {}])
      })

      test('1.3, 1.14: the list must be there', async () => {
        const { set } = await subject('listless')
        for (const nothing of [undefined, null]) {
          await assert.rejects(
            set(nothing),
            violations(failed(" null at 'mFAOptions'", 'Member must not be null')),
          )
        }
      })

      test('1.10: a list may be empty, and may be long', async () => {
        const { set, show } = await subject('lengthy')
        await set(Array.from({ length: 100 }, () => sms[0]))
        assert.deepEqual((await show()).MFAOptions, sms)
        await set([])
        assert.equal((await show()).MFAOptions, undefined)
      })

      test('1.11, 1.15: a medium that is none', async () => {
        const { set, show } = await subject('medium')
        const pigeon = { DeliveryMedium: 'PIGEON', AttributeName: 'phone_number' }
        await assert.rejects(
          set([...sms, pigeon]),
          violations(
            failed(
              " 'PIGEON' at 'mFAOptions.2.member.deliveryMedium'",
              'Member must satisfy enum value set: [SMS, EMAIL]',
            ),
          ),
        )
        assert.equal((await show()).MFAOptions, undefined)
      })

      test('1.12, 1.16: a name of 1 to 32 characters', async () => {
        const { set } = await subject('named')
        const at = " at 'mFAOptions.1.member.attributeName'"
        const named = (AttributeName: string) => set([{ DeliveryMedium: 'SMS', AttributeName }])
        await assert.rejects(
          named(''),
          violations(
            failed(` ''${at}`, 'Member must have length greater than or equal to 1'),
            failed(
              ` ''${at}`,
              'Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r ]+',
            ),
          ),
        )
        const long = 'x'.repeat(33)
        await assert.rejects(
          named(long),
          violations(failed(` '${long}'${at}`, 'Member must have length less than or equal to 32')),
        )
      })

      test('1.17: JSON of another type never reaches the service', async () => {
        const { set } = await subject('mistyped')
        for (const [value, text] of [
          ['SMS', 'Expected list or null'],
          [{ DeliveryMedium: 'SMS' }, 'Start of structure or map found where not expected.'],
          [['SMS'], 'Expected null'],
          [[{ DeliveryMedium: 1 }], 'NUMBER_VALUE can not be converted to a String'],
          [[{ DeliveryMedium: 'SMS', AttributeName: true }], 'TRUE_VALUE can not be converted to a String'],
        ] as const) {
          await assert.rejects(set(value), refusal('SerializationException', text))
        }
      })

      for (const [what, MFAOptions, text] of [
        [
          'EMAIL',
          [{ DeliveryMedium: 'EMAIL', AttributeName: 'email' }],
          'Only the SMS delivery medium is supported.',
        ],
        ['no medium', [{ AttributeName: 'phone_number' }], 'Only the SMS delivery medium is supported.'],
        ['nothing', [{}], 'Only the SMS delivery medium is supported.'],
        [
          'another attribute',
          [{ DeliveryMedium: 'SMS', AttributeName: 'email' }],
          'The only attribute that is supported is phone_number.',
        ],
        [
          'no attribute',
          [{ DeliveryMedium: 'SMS' }],
          'The only attribute that is supported is phone_number.',
        ],
        [
          'something wrong behind something right',
          [...sms, { DeliveryMedium: 'EMAIL', AttributeName: 'phone_number' }],
          'Only the SMS delivery medium is supported.',
        ],
      ] as const satisfies [string, MFAOptionType[], string][]) {
        test(`1.18: ${what} is refused and changes nothing`, async () => {
          const { set, show } = await subject(`refused ${what}`.replaceAll(' ', '-'))
          await set(sms)
          await assert.rejects(set(MFAOptions), refusal('InvalidParameterException', text))
          assert.deepEqual((await show()).MFAOptions, sms)
        })
      }

      test('1.18: a user without a phone number can turn it off and not on', async () => {
        const { set } = await subject('phoneless', {})
        await assert.rejects(
          set(sms),
          refusal('InvalidParameterException', 'User does not have delivery config set to turn on SMS_MFA'),
        )
        await set([])
      })
    })

    describe('the effect', () => {
      test('2.1: the list replaces the one before, and the modification date moves', async () => {
        const { set, show } = await subject('replaced')
        const { UserCreateDate } = await show()
        for (const [list, shown] of [
          [sms, sms],
          [[...sms, ...sms], sms],
          [[], undefined],
          [[], undefined],
          [sms, sms],
        ] as const) {
          server().clock.now += 60_000
          await set(list)
          const user = await show()
          assert.deepEqual(user.MFAOptions, shown)
          assert.equal(user.UserLastModifiedDate?.getTime(), server().clock.now)
          assert.deepEqual(user.UserCreateDate, UserCreateDate)
        }
      })

      test('2.2: it is shown by AdminGetUser, GetUser and ListUsers, and absent when it is off', async () => {
        const { set, show, AccessToken } = await subject('shown')
        const shown = async () => {
          const Filter = 'username = "shown"'
          const { UserPoolId } = place
          const { Users } = await server().client.send(new ListUsersCommand({ UserPoolId, Filter }))
          const self = await server().client.send(new GetUserCommand({ AccessToken }))
          return [await show(), self, Users?.[0]]
        }
        for (const user of await shown()) assert.ok(user && !('MFAOptions' in user))
        await set(sms)
        for (const user of await shown()) assert.deepEqual(user?.MFAOptions, sms)
        await set([])
        for (const user of await shown()) assert.ok(user && !('MFAOptions' in user))
      })

      test('2.3: it makes no preference', async () => {
        const { set, show } = await subject('unpreferring')
        await set(sms)
        const { PreferredMfaSetting, UserMFASettingList } = await show()
        assert.deepEqual([PreferredMfaSetting, UserMFASettingList], [undefined, undefined])
      })

      test('2.4: the next sign-in asks for a code, sent to the phone, and nothing else is sent', async () => {
        const { set, show, signIn } = await subject('enforced')
        await set(sms)
        assert.deepEqual(await server().sent(), [])
        const challenge = await signIn()
        assert.equal(challenge.ChallengeName, 'SMS_MFA')
        assert.equal(challenge.AuthenticationResult, undefined)
        assert.deepEqual(challenge.ChallengeParameters, {
          CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
          CODE_DELIVERY_DESTINATION: '+*******0123',
          USER_ID_FOR_SRP: 'enforced',
        })
        const [message, ...others] = await server().sent()
        assert.deepEqual(others, [])
        const code = message?.code ?? ''
        assert.match(code, /^[0-9]{6}$/)
        assert.deepEqual(message, {
          medium: 'SMS',
          to: phone,
          body: `Your authentication code is ${code}.`,
          code,
        })
        const responses = { USERNAME: 'enforced', SMS_MFA_CODE: code }
        const answer = await respond(
          server(),
          'AdminRespondToAuthChallenge',
          place,
          'SMS_MFA',
          challenge.Session,
          responses,
        )
        assert.ok(answer.AuthenticationResult?.AccessToken)
        assert.equal((await show()).attributes.phone_number_verified, 'true')
      })

      test('2.4: an empty list leaves it off, or turns it off', async () => {
        const { set, signIn } = await subject('off')
        for (const lists of [[[]], [sms, []]]) {
          for (const list of lists) await set(list)
          assert.ok((await signIn()).AuthenticationResult)
        }
        assert.deepEqual(await server().sent(), [])
      })

      test('2.4: where MFA is off it is kept and not enforced', async () => {
        const at = await newPlace(await createPool(server(), { MfaConfiguration: 'OFF' }))
        const { set, show, signIn } = await subject('kept', undefined, at)
        await set(sms)
        assert.deepEqual((await show()).MFAOptions, sms)
        assert.ok((await signIn()).AuthenticationResult)
        const on = { UserPoolId: at.UserPoolId, MfaConfiguration: 'OPTIONAL' as const, ...smsFactor }
        await server().client.send(new SetUserPoolMfaConfigCommand(on))
        assert.equal((await signIn()).ChallengeName, 'SMS_MFA')
        await codeSent(server())
      })

      test('2.5: the number need not be verified, and the one of the moment is used', async () => {
        const { set, show, signIn } = await subject('moved')
        await set(sms)
        assert.notEqual((await show()).attributes.phone_number_verified, 'true')
        await server().client.send(
          new AdminUpdateUserAttributesCommand({
            UserPoolId: place.UserPoolId,
            Username: 'moved',
            UserAttributes: attributeList({ phone_number: '+15555550177' }),
          }),
        )
        assert.equal((await signIn()).ChallengeName, 'SMS_MFA')
        assert.deepEqual(
          (await server().sent()).map(({ to }) => to),
          ['+15555550177'],
        )
      })

      test('2.6: a pool that cannot send an SMS takes it, and the sign-in fails at delivery', async () => {
        const UserPoolId = await createMfaPool(
          server(),
          { MfaConfiguration: 'OPTIONAL', ...tokenFactor },
          { SmsConfiguration: undefined },
        )
        const { set, signIn } = await subject('undelivered', undefined, await newPlace(UserPoolId))
        await set(sms)
        await assert.rejects(
          signIn(),
          refusal(
            'InvalidParameterException',
            'Invalid phone number provided/Unable to send the message. User pool does not have SMS configuration to send messages.',
          ),
        )
        await set([])
        assert.ok((await signIn()).AuthenticationResult)
        assert.deepEqual(await server().sent(), [])
      })
    })

    describe('beside (Admin)SetUserMFAPreference', () => {
      let both: Place
      before(async () => {
        const config = { MfaConfiguration: 'OPTIONAL' as const, ...smsFactor, ...emailFactor }
        both = await newPlace(await createMfaPool(server(), config))
      })
      const reachable = { phone_number: phone, email: 'reachable@example.com' }

      test('2.7: SMS that is enabled by preference shows in the legacy list too', async () => {
        const { show } = await subject('by-preference', reachable, both)
        await enableFactors(server(), both.UserPoolId, 'by-preference', 'SMS')
        assert.deepEqual((await show()).MFAOptions, sms)
      })

      test('2.8, 2.9: neither value clears a preference, and [] clears what it set itself', async () => {
        const { set, show } = await subject('preferring', reachable, both)
        await enableFactors(server(), both.UserPoolId, 'preferring', 'SMS')
        for (const options of [sms, []]) {
          await set(options)
          const { MFAOptions, PreferredMfaSetting, UserMFASettingList } = await show()
          assert.deepEqual(
            [MFAOptions, PreferredMfaSetting, UserMFASettingList],
            [sms, 'SMS_MFA', ['SMS_MFA']],
          )
        }
      })

      test('2.10: another preferred factor goes before it', async () => {
        const { set, signIn } = await subject('mailing', reachable, both)
        await set(sms)
        await enableFactors(server(), both.UserPoolId, 'mailing', 'EMAIL')
        assert.equal((await signIn()).ChallengeName, 'EMAIL_OTP')
        assert.deepEqual(
          (await server().sent()).map(({ medium }) => medium),
          ['EMAIL'],
        )
      })

      test('2.10: beside another enabled factor that is not preferred, the user chooses', async () => {
        const { set, signIn } = await subject('choosing', reachable, both)
        await set(sms)
        const EmailMfaSettings = { Enabled: true }
        const { UserPoolId } = both
        await server().client.send(
          new AdminSetUserMFAPreferenceCommand({ UserPoolId, Username: 'choosing', EmailMfaSettings }),
        )
        const { ChallengeName, ChallengeParameters } = await signIn()
        assert.equal(ChallengeName, 'SELECT_MFA_TYPE')
        assert.deepEqual(ChallengeParameters, { MFAS_CAN_CHOOSE: '["SMS_MFA","EMAIL_OTP"]' })
      })

      test('2.11: who disables everything by preference has nothing left', async () => {
        const { set, show, signIn } = await subject('emptied', reachable, both)
        await set(sms)
        const off = { Enabled: false, PreferredMfa: false }
        await server().client.send(
          new AdminSetUserMFAPreferenceCommand({
            UserPoolId: both.UserPoolId,
            Username: 'emptied',
            SMSMfaSettings: off,
            EmailMfaSettings: off,
            SoftwareTokenMfaSettings: off,
          }),
        )
        const user = await show()
        for (const member of ['MFAOptions', 'PreferredMfaSetting', 'UserMFASettingList'])
          assert.ok(!(member in user), member)
        assert.ok((await signIn()).AuthenticationResult)
      })

      test('2.12: while it is on, the phone number cannot be removed', async () => {
        const { set } = await subject('holding', reachable, both)
        await set(sms)
        const remove = () =>
          server().client.send(
            new AdminUpdateUserAttributesCommand({
              UserPoolId: both.UserPoolId,
              Username: 'holding',
              UserAttributes: attributeList({ phone_number: '' }),
            }),
          )
        await assert.rejects(
          remove(),
          refusal(
            'InvalidParameterException',
            'Cannot delete phone_number while SMS_MFA is enabled for the user.',
          ),
        )
        await set([])
        await remove()
      })
    })

    test('a federated user takes it, though no second factor of ours ever meets them', async () => {
      const { set, show } = await subject('Google_1234567890')
      await changeUser(server(), place.UserPoolId, 'Google_1234567890', ({ password: _, ...user }) => ({
        ...user,
        status: 'EXTERNAL_PROVIDER',
      }))
      await set(sms)
      assert.deepEqual((await show()).MFAOptions, sms)
    })

    test('a pool that is deleted takes everything with it', async () => {
      const at = await newPlace(await createPool(server()))
      const { set } = await subject('deleted-with', undefined, at)
      await server().client.send(new DeleteUserPoolCommand({ UserPoolId: at.UserPoolId }))
      await assert.rejects(
        set(sms),
        operation === 'AdminSetUserSettings'
          ? refusal('ResourceNotFoundException', `User pool ${at.UserPoolId} does not exist.`)
          : refusal('NotAuthorizedException', 'Invalid Access Token'),
      )
    })
  })
}
