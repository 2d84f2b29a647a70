import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserSettingsCommand,
  AdminUpdateUserAttributesCommand,
  type MFAOptionType,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  attributesIn,
  createClient,
  createPool,
  createUser,
  phone,
  refusal,
  signIn,
} from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'

const sms: MFAOptionType[] = [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }]

describe('AdminSetUserSettings', () => {
  onEachStore((server) => {
    let UserPoolId: string
    let ClientId: string
    before(async () => {
      UserPoolId = await createPool(server(), { AliasAttributes: ['email', 'phone_number'] })
      ClientId = (await createClient(server(), UserPoolId)).ClientId
    })
    const set = (Username: string, MFAOptions: MFAOptionType[]) =>
      server().client.send(new AdminSetUserSettingsCommand({ UserPoolId, Username, MFAOptions }))
    const get = (Username: string) => server().client.send(new AdminGetUserCommand({ UserPoolId, Username }))

    test('answers an empty structure', async () => {
      await createUser(server(), UserPoolId, 'empty')
      const { $metadata, ...output } = await set('empty', sms)
      assert.equal($metadata.httpStatusCode, 200)
      assert.deepEqual(output, {})
    })

    test('is shown as MFAOptions, and as no preference', async () => {
      await createUser(server(), UserPoolId, 'shown')
      assert.equal((await get('shown')).MFAOptions, undefined)
      await set('shown', sms)
      const user = await get('shown')
      assert.deepEqual(user.MFAOptions, sms)
      assert.equal(user.PreferredMfaSetting, undefined)
      assert.equal(user.UserMFASettingList, undefined)
    })

    test('is enforced at the next sign-in, with a code to the phone and nothing else sent', async () => {
      await createUser(server(), UserPoolId, 'enforced')
      assert.ok((await signIn(server(), UserPoolId, ClientId, 'enforced')).AuthenticationResult)
      await set('enforced', sms)
      assert.deepEqual(await server().sent(), [])
      const challenge = await signIn(server(), UserPoolId, ClientId, 'enforced')
      assert.equal(challenge.ChallengeName, 'SMS_MFA')
      assert.deepEqual(challenge.ChallengeParameters, {
        CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
        CODE_DELIVERY_DESTINATION: '+*******0123',
        USER_ID_FOR_SRP: 'enforced',
      })
      assert.equal(challenge.AuthenticationResult, undefined)
      const [message, ...others] = await server().sent()
      assert.deepEqual(others, [])
      assert.match(message?.code ?? '', /^[0-9]{6}$/)
      assert.deepEqual(message, {
        medium: 'SMS',
        to: phone,
        body: `Your authentication code is ${message?.code}.`,
        code: message?.code,
      })
      const answer = await server().client.send(
        new AdminRespondToAuthChallengeCommand({
          UserPoolId,
          ClientId,
          ChallengeName: 'SMS_MFA',
          Session: challenge.Session,
          ChallengeResponses: { USERNAME: 'enforced', SMS_MFA_CODE: message?.code ?? '' },
        }),
      )
      assert.equal(answer.AuthenticationResult?.TokenType, 'Bearer')
      assert.equal(attributesIn((await get('enforced')).UserAttributes).phone_number_verified, 'true')
    })

    test('an empty list turns it off again', async () => {
      await createUser(server(), UserPoolId, 'off')
      await set('off', sms)
      await set('off', [])
      assert.equal((await get('off')).MFAOptions, undefined)
      assert.ok((await signIn(server(), UserPoolId, ClientId, 'off')).AuthenticationResult)
      assert.deepEqual(await server().sent(), [])
    })

    test('replaces the list and moves the modification date', async () => {
      await createUser(server(), UserPoolId, 'dated')
      const before = await get('dated')
      server().clock.now += 60_000
      await set('dated', sms)
      const after = await get('dated')
      assert.equal(after.UserLastModifiedDate?.getTime(), server().clock.now)
      assert.deepEqual(after.UserCreateDate, before.UserCreateDate)
      await set('dated', [...sms, ...sms])
      assert.deepEqual((await get('dated')).MFAOptions, sms)
    })

    test('neither clears a preference nor makes one', async () => {
      await createUser(server(), UserPoolId, 'preferring')
      const SMSMfaSettings = { Enabled: true, PreferredMfa: true }
      await server().client.send(
        new AdminSetUserMFAPreferenceCommand({ UserPoolId, Username: 'preferring', SMSMfaSettings }),
      )
      for (const options of [sms, []]) {
        await set('preferring', options)
        const user = await get('preferring')
        assert.deepEqual(user.MFAOptions, sms)
        assert.equal(user.PreferredMfaSetting, 'SMS_MFA')
        assert.deepEqual(user.UserMFASettingList, ['SMS_MFA'])
      }
    })

    test('finds the user by username, verified alias and sub', async () => {
      await createUser(server(), UserPoolId, 'named', {
        phone_number: '+15555550188',
        phone_number_verified: 'true',
        email: 'named@example.com',
        email_verified: 'true',
      })
      const { sub = '' } = attributesIn((await get('named')).UserAttributes)
      for (const name of ['named', 'named@example.com', '+15555550188', sub]) {
        await set(name, sms)
        assert.deepEqual((await get('named')).MFAOptions, sms, name)
        await set(name, [])
      }
    })

    test('an alias that is not verified finds nobody', async () => {
      await createUser(server(), UserPoolId, 'unverified', {
        phone_number: phone,
        email: 'unverified@example.com',
      })
      await assert.rejects(
        set('unverified@example.com', sms),
        refusal('UserNotFoundException', 'User does not exist.'),
      )
    })

    test('works on users who cannot sign in yet or any more', async () => {
      await server().client.send(
        new AdminCreateUserCommand({
          UserPoolId,
          Username: 'invited',
          UserAttributes: [{ Name: 'phone_number', Value: phone }],
          MessageAction: 'SUPPRESS',
        }),
      )
      await set('invited', sms)
      assert.deepEqual((await get('invited')).MFAOptions, sms)
      await createUser(server(), UserPoolId, 'disabled')
      await server().client.send(new AdminDisableUserCommand({ UserPoolId, Username: 'disabled' }))
      await set('disabled', sms)
      assert.deepEqual((await get('disabled')).MFAOptions, sms)
    })

    test('the number need not be verified, and the one of the moment is used', async () => {
      await createUser(server(), UserPoolId, 'moved')
      await set('moved', sms)
      await server().client.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId,
          Username: 'moved',
          UserAttributes: [{ Name: 'phone_number', Value: '+15555550177' }],
        }),
      )
      await signIn(server(), UserPoolId, ClientId, 'moved')
      assert.deepEqual(
        (await server().sent()).map(({ to }) => to),
        ['+15555550177'],
      )
    })

    for (const [what, MFAOptions, message] of [
      [
        'EMAIL',
        [{ DeliveryMedium: 'EMAIL', AttributeName: 'email' }],
        'Only the SMS delivery medium is supported.',
      ],
      ['no medium', [{ AttributeName: 'phone_number' }], 'Only the SMS delivery medium is supported.'],
      [
        'another attribute',
        [{ DeliveryMedium: 'SMS', AttributeName: 'email' }],
        'The only attribute that is supported is phone_number.',
      ],
      ['no attribute', [{ DeliveryMedium: 'SMS' }], 'The only attribute that is supported is phone_number.'],
    ] as const satisfies [string, MFAOptionType[], string][]) {
      test(`refuses ${what} and changes nothing`, async () => {
        const Username = `refused ${what}`.replaceAll(' ', '-')
        await createUser(server(), UserPoolId, Username)
        await set(Username, sms)
        await assert.rejects(set(Username, [...MFAOptions]), refusal('InvalidParameterException', message))
        assert.deepEqual((await get(Username)).MFAOptions, sms)
      })
    }

    test('refuses a user without a phone number', async () => {
      await createUser(server(), UserPoolId, 'phoneless', {})
      await assert.rejects(
        set('phoneless', sms),
        refusal('InvalidParameterException', 'User does not have delivery config set to turn on SMS_MFA'),
      )
      await set('phoneless', [])
    })

    test('a pool or a user that is not there', async () => {
      await assert.rejects(set('nobody', sms), refusal('UserNotFoundException', 'User does not exist.'))
      await assert.rejects(
        server().client.send(
          new AdminSetUserSettingsCommand({
            UserPoolId: 'us-east-1_Absent123',
            Username: 'x',
            MFAOptions: [],
          }),
        ),
        refusal('ResourceNotFoundException', 'User pool us-east-1_Absent123 does not exist.'),
      )
    })

    test('a pool that cannot send an SMS takes the setting and fails at delivery', async () => {
      const bare = await createPool(server(), { MfaConfiguration: 'OFF', SmsConfiguration: undefined })
      const { ClientId } = await createClient(server(), bare)
      await createUser(server(), bare, 'undelivered')
      await server().client.send(
        new AdminSetUserSettingsCommand({ UserPoolId: bare, Username: 'undelivered', MFAOptions: sms }),
      )
      assert.ok((await signIn(server(), bare, ClientId, 'undelivered')).AuthenticationResult)
      await server().client.send(
        new SetUserPoolMfaConfigCommand({
          UserPoolId: bare,
          MfaConfiguration: 'OPTIONAL',
          SoftwareTokenMfaConfiguration: { Enabled: true },
        }),
      )
      await assert.rejects(
        signIn(server(), bare, ClientId, 'undelivered'),
        refusal(
          'InvalidParameterException',
          'Unable to send the message. User pool does not have SMS configuration to send messages.',
        ),
      )
    })

    test('every violation of a request at once, before any look-up, with nothing sensitive in it', async () => {
      const body = JSON.stringify({
        UserPoolId: 'none',
        Username: '',
        MFAOptions: [{ DeliveryMedium: 'PIGEON', AttributeName: '' }],
      })
      await assert.rejects(
        server().client.send(new AdminSetUserSettingsCommand(JSON.parse(body))),
        refusal(
          'InvalidParameterException',
          [
            "6 validation errors detected: Value 'none' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+",
            "Value at 'username' failed to satisfy constraint: Member must have length greater than or equal to 1",
            "Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
            "Value 'PIGEON' at 'mFAOptions.1.member.deliveryMedium' failed to satisfy constraint: Member must satisfy enum value set: [SMS, EMAIL]",
            "Value '' at 'mFAOptions.1.member.attributeName' failed to satisfy constraint: Member must have length greater than or equal to 1",
            "Value '' at 'mFAOptions.1.member.attributeName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r ]+",
          ].join('; '),
        ),
      )
      await assert.rejects(
        server().client.send(
          new AdminSetUserSettingsCommand({ UserPoolId, Username: 'x', MFAOptions: undefined }),
        ),
        refusal(
          'InvalidParameterException',
          "1 validation error detected: Value null at 'mFAOptions' failed to satisfy constraint: Member must not be null",
        ),
      )
    })
  })
})
