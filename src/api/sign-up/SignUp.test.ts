import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  byEmail,
  bySms,
  clientOf,
  createPlace,
  emailTo,
  flowsWithChoice,
  lambda,
  messageSent,
  outcomes,
  type Place,
  secretHash,
  showUser,
  signUp,
  smsTo,
  takeSmsAway,
  texts,
} from '../../../test/accounts.ts'
import { password, phone, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'

const both = { email: 'both@example.com', phone_number: phone }

describe('SignUp', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server())
    })

    test('makes an unconfirmed user, and sends nothing where no address is verified by itself', async () => {
      const bare = await createPlace(server(), { AutoVerifiedAttributes: [] })
      const { $metadata: _, ...answer } = await signUp(server(), bare, 'bare', both)
      assert.match(answer.UserSub ?? '', /^[0-9a-f]{8}-/)
      assert.deepEqual(answer, { UserConfirmed: false, UserSub: answer.UserSub })
      assert.deepEqual(await server().sent(), [])
      const user = await showUser(server(), bare, 'bare')
      assert.equal(user.UserStatus, 'UNCONFIRMED')
      assert.equal(user.Enabled, true)
      assert.deepEqual(user.attributes, {
        ...both,
        email_verified: 'false',
        phone_number_verified: 'false',
        sub: answer.UserSub,
      })
    })

    for (const [verified, given, delivery, sent] of [
      [['email'], { email: 'one@example.com' }, byEmail('o***@e***'), emailTo('one@example.com', '')],
      [['phone_number'], both, bySms('+*******0123'), smsTo(phone, '')],
      [['email', 'phone_number'], both, bySms('+*******0123'), smsTo(phone, '')],
      [
        ['email', 'phone_number'],
        { email: 'only@example.com' },
        byEmail('o***@e***'),
        emailTo('only@example.com', ''),
      ],
      [['phone_number'], { email: 'other@example.com' }, undefined, undefined],
      [['email'], { email: '' }, undefined, undefined],
    ] as const) {
      test(`verified by itself: ${verified}; given: ${Object.values(given)}`, async () => {
        const here = await createPlace(server(), { AutoVerifiedAttributes: [...verified] })
        const answer = await signUp(server(), here, 'somebody', given)
        assert.deepEqual(answer.CodeDeliveryDetails, delivery)
        if (sent === undefined) return assert.deepEqual(await server().sent(), [])
        const message = await messageSent(server())
        assert.match(message.code, /^[0-9]{6}$/)
        const expected = sent.medium === 'SMS' ? smsTo : emailTo
        assert.deepEqual(message, expected(sent.to, message.code))
      })
    }

    test("the pool's own texts are used", async () => {
      const here = await createPlace(server(), {
        AutoVerifiedAttributes: ['email', 'phone_number'],
        VerificationMessageTemplate: {
          EmailSubject: 'Welcome',
          EmailMessage: 'Say {####}',
          SmsMessage: 'Text {####}',
        },
      })
      await signUp(server(), here, 'by-email', { email: 'text@example.com' })
      const email = await messageSent(server())
      assert.deepEqual(email, {
        medium: 'EMAIL',
        to: 'text@example.com',
        subject: 'Welcome',
        body: `Say ${email.code}`,
        code: email.code,
      })
      await signUp(server(), here, 'by-sms', { phone_number: phone })
      const sms = await messageSent(server())
      assert.deepEqual(sms, { medium: 'SMS', to: phone, body: `Text ${sms.code}`, code: sms.code })
    })

    test('the username is a UUID where an attribute stands for it', async () => {
      const here = await createPlace(server(), { UsernameAttributes: ['email'] })
      const { UserSub } = await signUp(server(), here, 'named@example.com')
      await messageSent(server())
      const user = await showUser(server(), here, 'named@example.com')
      assert.deepEqual([user.Username, user.attributes.email], [UserSub, 'named@example.com'])
      await assert.rejects(
        signUp(server(), here, 'named@example.com'),
        refusal('UsernameExistsException', 'An account with the given email already exists.'),
      )
    })

    for (const [usernameAttributes, aliasAttributes, name, message] of [
      [['email'], undefined, 'plain', 'Username should be an email.'],
      [['phone_number'], undefined, 'plain', 'Username should be a phone number.'],
      [
        ['email', 'phone_number'],
        undefined,
        'plain',
        'Username should be either an email or a phone number.',
      ],
      [
        undefined,
        ['email'],
        'a@example.com',
        'Username cannot be of email format, since user pool is configured for email alias.',
      ],
    ] as const) {
      test(`a name of the wrong form: ${message}`, async () => {
        const here = await createPlace(server(), {
          ...(usernameAttributes && { UsernameAttributes: [...usernameAttributes] }),
          ...(aliasAttributes && { AliasAttributes: [...aliasAttributes] }),
        })
        await assert.rejects(signUp(server(), here, name), refusal('InvalidParameterException', message))
      })
    }

    test('a name that is taken, also in other letters where case does not matter', async () => {
      await signUp(server(), place, 'taken')
      const exists = refusal('UsernameExistsException', 'User already exists')
      await assert.rejects(signUp(server(), place, 'taken'), exists)
      await signUp(server(), place, 'Taken')
      const { UserPoolId } = place
      await assert.rejects(
        server().client.send(new AdminCreateUserCommand({ UserPoolId, Username: 'taken' })),
        refusal('UsernameExistsException', 'User account already exists'),
      )
      const loose = await createPlace(server(), { UsernameConfiguration: { CaseSensitive: false } })
      await signUp(server(), loose, 'Name')
      await assert.rejects(signUp(server(), loose, 'nAME'), exists)
    })

    test('of many who take a name at once one gets it', async () => {
      const calls = Array.from({ length: 20 }, () => signUp(server(), place, 'wanted'))
      assert.deepEqual(await outcomes(calls), { done: 1, refused: ['UsernameExistsException'] })
    })

    test('an address that is an alias may be used twice, and finds nobody yet', async () => {
      const here = await createPlace(server(), { AliasAttributes: ['email'] })
      for (const name of ['first', 'second']) {
        const { CodeDeliveryDetails } = await signUp(server(), here, name, { email: 'twice@example.com' })
        assert.deepEqual(CodeDeliveryDetails, byEmail('t***@e***'))
        await messageSent(server())
      }
      await assert.rejects(
        server().client.send(
          new AdminGetUserCommand({ UserPoolId: here.UserPoolId, Username: 'twice@example.com' }),
        ),
        refusal('UserNotFoundException', 'User does not exist.'),
      )
    })

    for (const [rule, Password] of [
      ['Password not long enough', 'aA1!'],
      ['Password must have uppercase characters', 'aaaaaa1!'],
      ['Password must have lowercase characters', 'AAAAAA1!'],
      ['Password must have numeric characters', 'aaaaAAA!'],
      ['Password must have symbol characters', 'aaaaAAA1'],
    ]) {
      test(rule ?? '', async () => {
        await assert.rejects(
          signUp(server(), place, 'weak', {}, { Password }),
          refusal('InvalidPasswordException', `Password did not conform with policy: ${rule}`),
        )
      })
    }

    describe('attributes', () => {
      const schema: CreateUserPoolCommandInput['Schema'] = [
        { Name: 'email', Required: true },
        { Name: 'given_name', Required: true },
        { Name: 'role', AttributeDataType: 'String', Mutable: false },
        { Name: 'secret', AttributeDataType: 'String', DeveloperOnlyAttribute: true },
      ]
      const whole = { email: 'whole@example.com', given_name: 'W' }
      let strict: Place
      before(async () => {
        strict = await createPlace(server(), { Schema: schema })
      })

      for (const [what, given, message] of [
        [
          'unknown',
          { ...whole, 'custom:shoe': '44' },
          'Attributes did not conform to the schema: Type for attribute {custom:shoe} could not be determined',
        ],
        [
          'missing',
          {},
          'Attributes did not conform to the schema: given_name: The attribute is required\nemail: The attribute is required',
        ],
        [
          'too short',
          { ...whole, birthdate: '2001' },
          'Attributes did not conform to the schema: birthdate: String must be longer than or equal to 10 characters',
        ],
        ['no email', { ...whole, email: 'none' }, 'Invalid email address format.'],
        ['no phone number', { ...whole, phone_number: '0155' }, 'Invalid phone number format.'],
      ] as const) {
        test(`refused when ${what}`, async () => {
          await assert.rejects(
            signUp(server(), strict, 'refused', given),
            refusal('InvalidParameterException', message),
          )
        })
      }

      for (const name of ['email_verified', 'sub', 'dev:custom:secret']) {
        test(`${name} is not for clients to write`, async () => {
          await assert.rejects(
            signUp(server(), strict, 'unwritable', { ...whole, [name]: 'true' }),
            refusal('NotAuthorizedException', texts.unauthorized),
          )
        })
      }

      test('one that never changes can be set, and a client writes what it was given to write', async () => {
        await signUp(server(), strict, 'immutable', { ...whole, 'custom:role': 'guest' })
        await messageSent(server())
        assert.equal((await showUser(server(), strict, 'immutable')).attributes['custom:role'], 'guest')
        const WriteAttributes = ['email', 'given_name']
        const narrow = await clientOf(server(), strict.UserPoolId, { WriteAttributes })
        await assert.rejects(
          signUp(server(), narrow, 'narrow', { ...whole, 'custom:role': 'guest' }),
          refusal('NotAuthorizedException', texts.unauthorized),
        )
        await signUp(server(), narrow, 'narrow', whole)
        await messageSent(server())
      })

      test('a preferred username that is an alias comes after the confirmation', async () => {
        const here = await createPlace(server(), { AliasAttributes: ['preferred_username'] })
        await assert.rejects(
          signUp(server(), here, 'eager', { preferred_username: 'nick' }),
          refusal(
            'InvalidParameterException',
            'Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.',
          ),
        )
        await signUp(server(), place, 'free', { preferred_username: 'nick' })
      })
    })

    describe('without a password', () => {
      const sign = (factors: ('PASSWORD' | 'EMAIL_OTP' | 'SMS_OTP')[]) => ({
        Policies: { SignInPolicy: { AllowedFirstAuthFactors: factors } },
      })
      const none = refusal(
        'InvalidParameterException',
        "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null",
      )

      test('where a code signs in, omitted or blank', async () => {
        const here = await createPlace(server(), sign(['PASSWORD', 'EMAIL_OTP']))
        const given = { email: 'free@example.com' }
        await signUp(server(), here, 'omitted', given, { Password: undefined })
        await messageSent(server())
        await signUp(server(), here, 'blank', given, { Password: '' })
        await messageSent(server())
        await assert.rejects(signUp(server(), here, 'unreachable', {}, { Password: undefined }), none)
        const sms = await createPlace(server(), sign(['PASSWORD', 'SMS_OTP']))
        await signUp(server(), sms, 'called', { phone_number: phone }, { Password: undefined })
        await assert.rejects(signUp(server(), sms, 'unreachable', given, { Password: '' }), none)
        assert.deepEqual(await server().sent(), [])
      })

      test('nowhere else', async () => {
        await assert.rejects(signUp(server(), place, 'lazy', both, { Password: undefined }), none)
        await assert.rejects(
          signUp(server(), place, 'spaced', both, { Password: 'with space 1A!' }),
          refusal(
            'InvalidParameterException',
            "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\S]+",
          ),
        )
      })
    })

    test('hands on a session where the client signs in by choice, and nowhere else', async () => {
      const choosing = await clientOf(server(), place.UserPoolId, { ExplicitAuthFlows: [...flowsWithChoice] })
      const { Session } = await signUp(server(), choosing, 'choosing')
      assert.ok(Session && Session.length >= 20)
      assert.equal((await signUp(server(), place, 'sessionless')).Session, undefined)
      await assert.rejects(
        server().client.send(
          new InitiateAuthCommand({ ClientId: choosing.ClientId, AuthFlow: 'USER_AUTH', Session }),
        ),
        refusal('NotAuthorizedException', 'Invalid session for the user.'),
      )
    })

    test('a client with a secret proves it', async () => {
      const secret = await clientOf(server(), place.UserPoolId, { GenerateSecret: true })
      await assert.rejects(
        signUp(server(), secret, 'hashed'),
        refusal('NotAuthorizedException', texts.hashMissing(secret.ClientId)),
      )
      await assert.rejects(
        signUp(server(), secret, 'hashed', {}, { SecretHash: secretHash(secret, 'other') }),
        refusal('NotAuthorizedException', texts.hashWrong(secret.ClientId)),
      )
      await signUp(server(), secret, 'hashed', {}, { SecretHash: secretHash(secret, 'hashed') })
      await assert.rejects(
        signUp(server(), place, 'unhashed', {}, { SecretHash: 'aGFzaA==' }),
        refusal('NotAuthorizedException', texts.hashWrong(place.ClientId)),
      )
    })

    test('a pool that only administrators fill, a client that is not there', async () => {
      const closed = await createPlace(server(), {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      })
      await assert.rejects(
        signUp(server(), closed, 'stranger'),
        refusal('NotAuthorizedException', 'SignUp is not permitted for this user pool'),
      )
      await assert.rejects(
        server().client.send(new SignUpCommand({ ClientId: 'absent', Username: 'x', Password: password })),
        refusal('ResourceNotFoundException', 'User pool client absent does not exist.'),
      )
    })

    test('what cannot be sent makes no user', async () => {
      const mute = await createPlace(server(), { AutoVerifiedAttributes: ['phone_number'] })
      await takeSmsAway(server(), mute)
      await assert.rejects(
        signUp(server(), mute, 'unheard', { phone_number: phone }),
        refusal('InvalidParameterException', texts.undeliverable),
      )
      await assert.rejects(showUser(server(), mute, 'unheard'), { name: 'UserNotFoundException' })
    })

    test('stops at a CustomMessage function that is not there', async () => {
      const here = await createPlace(server(), { LambdaConfig: { CustomMessage: lambda } })
      await assert.rejects(
        signUp(server(), here, 'triggered', { email: 'triggered@example.com' }),
        refusal('UnexpectedLambdaException', texts.trigger('CustomMessage')),
      )
      await assert.rejects(showUser(server(), here, 'triggered'), { name: 'UserNotFoundException' })
    })
  })
})
