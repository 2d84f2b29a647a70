import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  type CreateUserPoolCommandInput,
  type DeliveryMediumType,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  attributeList,
  attributesIn,
  createClient,
  createPool,
  createUser,
  phone,
  refusal,
} from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { lambda, notRun, setPassword, showUser, start } from '../../../test/sign-in.ts'
import { days } from '../../lib/instant.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

describe('AdminCreateUser', () => {
  onEachStore((server) => {
    let UserPoolId: string
    let ClientId: string
    before(async () => {
      UserPoolId = await createPool(server(), { AliasAttributes: ['email', 'phone_number'] })
      ClientId = (await createClient(server(), UserPoolId)).ClientId
    })
    const create = (
      Username: string,
      attributes: Record<string, string> = {},
      input: Partial<AdminCreateUserCommandInput> = {},
    ) =>
      server().client.send(
        new AdminCreateUserCommand({
          UserPoolId,
          Username,
          UserAttributes: attributeList(attributes),
          ...input,
        }),
      )
    const signIn = (USERNAME: string, PASSWORD: string, at = { UserPoolId, ClientId }) =>
      start(server(), 'AdminInitiateAuth', at, { USERNAME, PASSWORD })
    const show = (name: string, pool = UserPoolId) => showUser(server(), pool, name)

    test('answers the user as they are from now on', async () => {
      const email = 'answered@example.com'
      const { User } = await create('answered', { email, name: 'Ada' }, { MessageAction: 'SUPPRESS' })
      const { sub, ...attributes } = attributesIn(User?.Attributes)
      assert.match(sub ?? '', uuid)
      assert.deepEqual(attributes, { email, name: 'Ada' })
      const { Attributes: _, ...rest } = User ?? {}
      const now = new Date(server().clock.now)
      assert.deepEqual(rest, {
        Username: 'answered',
        UserCreateDate: now,
        UserLastModifiedDate: now,
        Enabled: true,
        UserStatus: 'FORCE_CHANGE_PASSWORD',
      })
      assert.deepEqual((await show('answered')).attributes, { ...attributes, sub })
    })

    test('takes a user with no attributes at all, and attributes without a value for none', async () => {
      const { User } = await server().client.send(
        new AdminCreateUserCommand({
          UserPoolId,
          Username: 'empty',
          UserAttributes: [{ Name: 'name' }, { Name: 'nickname', Value: '' }],
        }),
      )
      assert.deepEqual(Object.keys(attributesIn(User?.Attributes)), ['sub'])
      const bare = new AdminCreateUserCommand({ UserPoolId, Username: 'barest' })
      assert.deepEqual(Object.keys(attributesIn((await server().client.send(bare)).User?.Attributes)), [
        'sub',
      ])
      assert.deepEqual(await server().sent(), [])
    })

    describe('the invitation', () => {
      const reachable = { email: 'invited@example.com', phone_number: phone }
      const standard = (name: string, code = '') =>
        `Your username is ${name} and temporary password is ${code}.`

      test('goes to the phone unless another medium is asked for', async () => {
        await create('by-default', reachable)
        const [message, ...others] = await server().sent()
        assert.deepEqual(others, [])
        assert.deepEqual(message, {
          medium: 'SMS',
          to: phone,
          body: standard('by-default', message?.code),
          code: message?.code,
        })
      })

      test('goes to every medium that is asked for, with the same password, and nowhere else', async () => {
        for (const media of [
          ['EMAIL'],
          ['SMS'],
          ['EMAIL', 'SMS'],
          ['EMAIL', 'EMAIL'],
          [],
        ] as DeliveryMediumType[][]) {
          const name = ['by', ...media].join('-')
          await create(name, reachable, { DesiredDeliveryMediums: media })
          const messages = await server().sent()
          assert.deepEqual(
            messages.map(({ medium }) => medium),
            [...new Set(media)],
          )
          assert.ok(new Set(messages.map(({ code }) => code)).size <= 1)
          for (const { medium, body, code, subject, to } of messages) {
            assert.equal(body, standard(name, code))
            assert.equal(subject, medium === 'EMAIL' ? 'Your temporary password' : undefined)
            assert.equal(to, medium === 'EMAIL' ? reachable.email : phone)
          }
        }
      })

      test('is sent to nobody when it is suppressed, whatever the media', async () => {
        await create('suppressed', reachable, {
          MessageAction: 'SUPPRESS',
          DesiredDeliveryMediums: ['EMAIL', 'SMS'],
        })
        assert.deepEqual(await server().sent(), [])
      })

      test('by a medium that was asked for needs its address, and else nobody is created', async () => {
        for (const [medium, attributes, text] of [
          ['EMAIL', { phone_number: phone }, 'No email provided but desired delivery medium was Email'],
          ['SMS', { email: 'x@example.com' }, 'No phone number provided but desired delivery medium was SMS'],
        ] as const) {
          await assert.rejects(
            create('addressless', attributes, { DesiredDeliveryMediums: [medium] }),
            refusal('InvalidParameterException', text),
          )
        }
        await assert.rejects(show('addressless'), { name: 'UserNotFoundException' })
        await create('no-phone', { email: 'no-phone@example.com' })
        assert.deepEqual(await server().sent(), [])
      })

      test('has the texts of the pool', async () => {
        const pool = await createPool(server(), {
          AdminCreateUserConfig: {
            InviteMessageTemplate: {
              SMSMessage: 'SMS for {username}: {####}, {####}',
              EmailMessage: '<b>{username}</b>, your password is {####}',
              EmailSubject: 'Welcome',
            },
          },
        })
        const DesiredDeliveryMediums = ['SMS' as const, 'EMAIL' as const]
        const TemporaryPassword = 'Given-$&-horse-9'
        await create('texts', reachable, { UserPoolId: pool, DesiredDeliveryMediums, TemporaryPassword })
        assert.deepEqual(await server().sent(), [
          {
            medium: 'SMS',
            to: phone,
            body: `SMS for texts: ${TemporaryPassword}, ${TemporaryPassword}`,
            code: TemporaryPassword,
          },
          {
            medium: 'EMAIL',
            to: reachable.email,
            subject: 'Welcome',
            body: `<b>texts</b>, your password is ${TemporaryPassword}`,
            code: TemporaryPassword,
          },
        ])
      })

      test('is not delivered when its text leaves out the password', async () => {
        const InviteMessageTemplate = { EmailMessage: 'Welcome, {username}', SMSMessage: '{username} {####}' }
        const pool = await createPool(server(), {
          // Only there may a text leave it out.
          Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
          AdminCreateUserConfig: { InviteMessageTemplate },
        })
        const DesiredDeliveryMediums = ['SMS' as const, 'EMAIL' as const]
        await create('passwordless-text', reachable, { UserPoolId: pool, DesiredDeliveryMediums })
        assert.deepEqual(
          (await server().sent()).map(({ medium }) => medium),
          ['SMS'],
        )
      })

      test('cannot be an SMS in a pool that sends none', async () => {
        const pool = await createPool(server(), { MfaConfiguration: 'OFF', SmsConfiguration: undefined })
        await assert.rejects(
          create('undeliverable', reachable, { UserPoolId: pool }),
          refusal(
            'InvalidParameterException',
            'Invalid phone number provided/Unable to send the message. User pool does not have SMS configuration to send messages.',
          ),
        )
        await assert.rejects(show('undeliverable', pool), { name: 'UserNotFoundException' })
        const input = { UserPoolId: pool, DesiredDeliveryMediums: ['EMAIL' as const] }
        await create('undeliverable', reachable, input)
        assert.equal((await server().sent()).length, 1)
      })
    })

    describe('the temporary password', () => {
      test('is invented when none is given, fits the policy, and signs in once it is replaced', async () => {
        const codes = new Set<string>()
        for (const name of ['invented', 'invented-too']) {
          await create(name, { phone_number: phone })
          const [message] = await server().sent()
          const code = message?.code ?? ''
          for (const kind of [/^.{12,}$/, /[A-Z]/, /[a-z]/, /[0-9]/, /[!@#%&*?]/]) assert.match(code, kind)
          assert.equal((await signIn(name, code)).ChallengeName, 'NEW_PASSWORD_REQUIRED')
          codes.add(code)
        }
        assert.equal(codes.size, 2)
      })

      test('is as long as the policy wants it', async () => {
        const Policies = { PasswordPolicy: { MinimumLength: 40 } }
        const pool = await createPool(server(), { Policies })
        await create('long', { phone_number: phone }, { UserPoolId: pool })
        const [message] = await server().sent()
        assert.equal(message?.code?.length, 40)
      })

      test('is the one that is given, if it fits the policy', async () => {
        const input = { TemporaryPassword: 'Given-horse-9' }
        await create('given', { phone_number: phone }, input)
        const [message] = await server().sent()
        assert.equal(message?.code, 'Given-horse-9')
        assert.equal((await signIn('given', 'Given-horse-9')).ChallengeName, 'NEW_PASSWORD_REQUIRED')
        await assert.rejects(
          create('given-weak', { phone_number: phone }, { TemporaryPassword: 'weak-9' }),
          refusal(
            'InvalidPasswordException',
            'Password did not conform with policy: Password not long enough',
          ),
        )
        await assert.rejects(show('given-weak'), { name: 'UserNotFoundException' })
      })
    })

    describe('RESEND', () => {
      const again = { MessageAction: 'RESEND' as const }

      test('sends a new password, and the time to use it begins anew', async () => {
        await create('resent', { phone_number: phone })
        const [first] = await server().sent()
        server().clock.now += days(6)
        const { User } = await create('resent', {}, again)
        const [second, ...others] = await server().sent()
        assert.deepEqual(others, [])
        assert.notEqual(second?.code, first?.code)
        assert.equal(second?.body, `Your username is resent and temporary password is ${second?.code}.`)
        assert.equal(User?.UserStatus, 'FORCE_CHANGE_PASSWORD')
        assert.equal(User.UserLastModifiedDate?.getTime(), server().clock.now)
        assert.equal(attributesIn(User.Attributes).phone_number, phone)
        await assert.rejects(signIn('resent', first?.code ?? ''), { name: 'NotAuthorizedException' })
        server().clock.now += days(6)
        assert.equal((await signIn('resent', second?.code ?? '')).ChallengeName, 'NEW_PASSWORD_REQUIRED')
      })

      test('sends the password that is given, by the medium that is asked for', async () => {
        await create('resent-by', { phone_number: phone, email: 'resent@example.com' })
        await server().sent()
        const input = {
          ...again,
          TemporaryPassword: 'Given-horse-9',
          DesiredDeliveryMediums: ['EMAIL' as const],
        }
        await create('resent-by', {}, input)
        const [message, ...others] = await server().sent()
        assert.deepEqual(others, [])
        assert.deepEqual([message?.medium, message?.to], ['EMAIL', 'resent@example.com'])
        assert.equal((await signIn('resent-by', 'Given-horse-9')).ChallengeName, 'NEW_PASSWORD_REQUIRED')
        await assert.rejects(
          create('resent-by', {}, { ...input, TemporaryPassword: 'weak' }),
          refusal(
            'InvalidPasswordException',
            'Password did not conform with policy: Password not long enough',
          ),
        )
      })

      test('leaves the user as they are, whatever else the request says', async () => {
        const attributes = { email: 'as-is@example.com', email_verified: 'true', phone_number: phone }
        await create('as-is', attributes)
        const { UserLastModifiedDate: _, ...before } = await show('as-is')
        const said = { email: 'other@example.com', email_verified: 'true', name: 'Ada' }
        await create('as-is', said, { ...again, ForceAliasCreation: true })
        const { UserLastModifiedDate: __, ...after } = await show('as-is')
        assert.deepEqual(after.attributes, before.attributes)
        assert.equal(after.UserStatus, before.UserStatus)
        assert.equal((await show('as-is@example.com')).Username, 'as-is')
        assert.deepEqual(
          (await server().sent()).map(({ to }) => to),
          [phone, phone],
        )
      })

      test('names what the user signs in with, however they were found', async () => {
        const pool = await createPool(server(), { UsernameAttributes: ['email'] })
        const { User } = await create('found@example.com', { phone_number: phone }, { UserPoolId: pool })
        const [first] = await server().sent()
        await create(User?.Username ?? '', {}, { ...again, UserPoolId: pool })
        const [second] = await server().sent()
        for (const { body, code } of [first ?? { body: '' }, second ?? { body: '' }])
          assert.equal(body, `Your username is found@example.com and temporary password is ${code}.`)
      })

      test('is for users who have not signed in yet', async () => {
        await createUser(server(), UserPoolId, 'confirmed')
        await assert.rejects(
          create('confirmed', {}, again),
          refusal(
            'UnsupportedUserStateException',
            'Resend not possible. User status is not FORCE_CHANGE_PASSWORD',
          ),
        )
        await setPassword(server(), UserPoolId, 'confirmed', 'Given-horse-9', false)
        await create('confirmed', {}, again)
        assert.equal((await server().sent()).length, 1)
      })

      test('finds nobody to send to', async () => {
        await assert.rejects(
          create('nobody', { phone_number: phone }, again),
          refusal('UserNotFoundException', 'User does not exist.'),
        )
        assert.deepEqual(await server().sent(), [])
      })
    })

    describe('names', () => {
      test('are taken once', async () => {
        await create('taken', {}, { MessageAction: 'SUPPRESS' })
        await assert.rejects(
          create('taken', { phone_number: phone }),
          refusal('UsernameExistsException', 'User account already exists'),
        )
        await create('Taken', {}, { MessageAction: 'SUPPRESS' })
        assert.deepEqual(await server().sent(), [])
      })

      test('in a pool that is not case-sensitive are stored in lower case, and taken in any', async () => {
        const pool = await createPool(server(), {
          UsernameConfiguration: { CaseSensitive: false },
          AliasAttributes: ['email'],
        })
        const input = { UserPoolId: pool, MessageAction: 'SUPPRESS' as const }
        const email = 'Mixed@Example.com'
        const { User } = await create('MiXed', { email, email_verified: 'true' }, input)
        assert.equal(User?.Username, 'mixed')
        assert.equal(attributesIn(User.Attributes).email, email)
        await assert.rejects(
          create('mIXED', {}, input),
          refusal('UsernameExistsException', 'User account already exists'),
        )
        await assert.rejects(
          create('other', { email: 'MIXED@example.com', email_verified: 'true' }, input),
          refusal('AliasExistsException', 'An account with the email already exists.'),
        )
      })

      test('cannot look like an alias of the pool', async () => {
        for (const [name, text] of [
          [
            'somebody@example.com',
            'Username cannot be of email format, since user pool is configured for email alias.',
          ],
          [
            '+15555550199',
            'Username cannot be of phone number format, since user pool is configured for phone number alias.',
          ],
        ] as const) {
          await assert.rejects(create(name), refusal('InvalidParameterException', text))
        }
        const pool = await createPool(server())
        const { User } = await create('somebody@example.com', {}, { UserPoolId: pool })
        assert.equal(User?.Username, 'somebody@example.com')
      })
    })

    describe('where attributes are the username', () => {
      test('the name becomes the attribute, and the username is a UUID, which is the sub', async () => {
        const pool = await createPool(server(), { UsernameAttributes: ['email', 'phone_number'] })
        const input = { UserPoolId: pool, MessageAction: 'SUPPRESS' as const }
        for (const [name, attribute] of [
          ['uuid@example.com', 'email'],
          ['+15555550160', 'phone_number'],
        ] as const) {
          const { User } = await create(name, { name: 'Ada' }, input)
          const { sub, ...attributes } = attributesIn(User?.Attributes)
          assert.match(sub ?? '', uuid)
          assert.equal(User?.Username, sub)
          assert.deepEqual(attributes, { name: 'Ada', [attribute]: name })
          for (const found of [name, sub ?? '']) assert.equal((await show(found, pool)).Username, sub)
        }
        await assert.rejects(
          create('neither', {}, input),
          refusal('InvalidParameterException', 'Username should be either an email or a phone number.'),
        )
      })

      for (const [kind, name, text] of [
        ['email', '+15555550161', 'Username should be an email.'],
        ['phone_number', 'somebody@example.com', 'Username should be a phone number.'],
      ] as const) {
        test(`another form than ${kind} is refused`, async () => {
          const pool = await createPool(server(), { UsernameAttributes: [kind] })
          await assert.rejects(
            create(name, {}, { UserPoolId: pool }),
            refusal('InvalidParameterException', text),
          )
        })
      }

      test('an address is taken once, verified or not', async () => {
        const pool = await createPool(server(), { UsernameAttributes: ['email', 'phone_number'] })
        const input = { UserPoolId: pool, MessageAction: 'SUPPRESS' as const }
        await create('once@example.com', { phone_number: '+15555550162' }, input)
        await assert.rejects(
          create('once@example.com', {}, input),
          refusal('UsernameExistsException', 'An account with the given email already exists.'),
        )
        await assert.rejects(
          create('+15555550162', {}, { ...input, ForceAliasCreation: true }),
          refusal('UsernameExistsException', 'An account with the given phone_number already exists.'),
        )
      })
    })

    describe('aliases', () => {
      const quiet = { MessageAction: 'SUPPRESS' as const }
      const verified = (email: string) => ({ email, email_verified: 'true' })

      test('a verified address belongs to one user', async () => {
        await create('owner', verified('owned@example.com'), quiet)
        await assert.rejects(
          create('rival', verified('owned@example.com'), quiet),
          refusal('AliasExistsException', 'An account with the email already exists.'),
        )
        await assert.rejects(show('rival'), { name: 'UserNotFoundException' })
        await create('unverified-rival', { email: 'owned@example.com' }, quiet)
        assert.equal((await show('owned@example.com')).Username, 'owner')
      })

      test('ForceAliasCreation moves it, and the one who loses it keeps an address that is not verified', async () => {
        const force = { ...quiet, ForceAliasCreation: true }
        const phone_number = '+15555550163'
        await create('loser', { ...verified('moving@example.com'), phone_number }, quiet)
        await create('winner', verified('moving@example.com'), force)
        assert.equal((await show('moving@example.com')).Username, 'winner')
        const { attributes } = await show('loser')
        assert.deepEqual(
          [attributes.email, attributes.email_verified, attributes.phone_number],
          ['moving@example.com', 'false', phone_number],
        )
      })

      test('ForceAliasCreation is ignored for an address that is not verified', async () => {
        await create('keeper', verified('kept@example.com'), quiet)
        const force = { ...quiet, ForceAliasCreation: true }
        await create('taker', { email: 'kept@example.com' }, force)
        await create('taker-too', { email: 'kept@example.com', email_verified: 'false' }, force)
        assert.equal((await show('kept@example.com')).Username, 'keeper')
        assert.equal((await show('keeper')).attributes.email_verified, 'true')
      })

      test('ForceAliasCreation moves no preferred username', async () => {
        const pool = await createPool(server(), { AliasAttributes: ['preferred_username'] })
        const input = { ...quiet, UserPoolId: pool }
        await create('preferred', { preferred_username: 'Ada' }, input)
        await assert.rejects(
          create('preferred-too', { preferred_username: 'Ada' }, { ...input, ForceAliasCreation: true }),
          refusal('AliasExistsException', 'An account with the preferred_username already exists.'),
        )
      })

      test('an address that is verified must be there', async () => {
        for (const name of ['email', 'phone_number']) {
          await assert.rejects(
            create('absent', { [`${name}_verified`]: 'true' }, quiet),
            refusal('InvalidParameterException', `${name} is required to set ${name}_verified to true.`),
          )
        }
        await create('absent', { email_verified: 'false' }, quiet)
      })
    })

    describe('attributes', () => {
      test('must fit the schema', async () => {
        const rows = [
          [
            { 'custom:role': 'x' },
            'Attributes did not conform to the schema: Type for attribute {custom:role} could not be determined',
          ],
          [{ email: 'nobody' }, 'Invalid email address format.'],
          [{ phone_number: '5555550123' }, 'Invalid phone number format.'],
          [{ sub: 'x' }, 'user.sub: Attribute cannot be updated.'],
        ] as const
        for (const [attributes, text] of rows) {
          await assert.rejects(create('unfit', attributes), refusal('InvalidParameterException', text))
        }
        await assert.rejects(show('unfit'), { name: 'UserNotFoundException' })
      })

      test('that are required may be left to the user, and those that never change may be set', async () => {
        const text = 'String' as const
        const pool = await createPool(server(), {
          Schema: [
            { Name: 'given_name', AttributeDataType: text, Required: true },
            { Name: 'team', AttributeDataType: text, Mutable: false },
          ],
        })
        const { User } = await create('left', { 'custom:team': 'red' }, { UserPoolId: pool })
        assert.equal(attributesIn(User?.Attributes)['custom:team'], 'red')
      })
    })

    describe('where people sign in without a password', () => {
      const passwordless = (
        factor: 'EMAIL_OTP' | 'SMS_OTP',
        input: Partial<CreateUserPoolCommandInput> = {},
      ) => {
        const SignInPolicy = { AllowedFirstAuthFactors: ['PASSWORD' as const, factor] }
        return createPool(server(), { ...input, Policies: { SignInPolicy } })
      }

      /** A message that tells the name and no password. */
      const byName = (medium: 'SMS' | 'EMAIL', name: string) =>
        medium === 'SMS'
          ? { medium, to: phone, body: `Your username is ${name}.` }
          : { medium, to: 'a@example.com', subject: 'Your username', body: `Your username is ${name}.` }

      for (const [factor, attributes, status] of [
        ['EMAIL_OTP', { email: 'a@example.com', email_verified: 'true' }, 'CONFIRMED'],
        ['EMAIL_OTP', { email: 'a@example.com' }, 'FORCE_CHANGE_PASSWORD'],
        ['EMAIL_OTP', { phone_number: phone, phone_number_verified: 'true' }, 'FORCE_CHANGE_PASSWORD'],
        ['SMS_OTP', { phone_number: phone, phone_number_verified: 'true' }, 'CONFIRMED'],
        ['SMS_OTP', { email: 'a@example.com', email_verified: 'true' }, 'FORCE_CHANGE_PASSWORD'],
      ] as const) {
        test(`${factor} and ${Object.keys(attributes).join(', ')}: ${status}`, async () => {
          const pool = await passwordless(factor)
          const { User } = await create('easy', attributes, { UserPoolId: pool })
          assert.equal(User?.UserStatus, status)
          const messages = await server().sent()
          assert.equal(messages.length, 'phone_number' in attributes ? 1 : 0)
          if (status === 'CONFIRMED')
            assert.deepEqual(
              messages,
              messages.map(() => byName('SMS', 'easy')),
            )
        })
      }

      test('a blank password is none', async () => {
        const pool = await passwordless('EMAIL_OTP')
        const attributes = { email: 'a@example.com', email_verified: 'true' }
        const input = { UserPoolId: pool, TemporaryPassword: '' }
        const { User } = await create('blank', attributes, input)
        assert.equal(User?.UserStatus, 'CONFIRMED')
        const withPassword = await create('blank-too', {}, { TemporaryPassword: '' })
        assert.equal(withPassword.User?.UserStatus, 'FORCE_CHANGE_PASSWORD')
      })

      test('a user without a password is welcomed by name, and by a text that has no place for one', async () => {
        const attributes = { email: 'a@example.com', email_verified: 'true', phone_number: phone }
        const media = { DesiredDeliveryMediums: ['EMAIL', 'SMS'] as DeliveryMediumType[] }
        const plain = await passwordless('EMAIL_OTP')
        await create('welcome', attributes, { UserPoolId: plain, ...media })
        assert.deepEqual(await server().sent(), [byName('EMAIL', 'welcome'), byName('SMS', 'welcome')])
        const InviteMessageTemplate = {
          EmailSubject: 'Hello',
          EmailMessage: 'Welcome, {username}',
          SMSMessage: '{username} {####}',
        }
        const own = await passwordless('EMAIL_OTP', { AdminCreateUserConfig: { InviteMessageTemplate } })
        await create('welcome', attributes, { UserPoolId: own, ...media })
        assert.deepEqual(await server().sent(), [
          { medium: 'EMAIL', to: 'a@example.com', subject: 'Hello', body: 'Welcome, welcome' },
          byName('SMS', 'welcome'),
        ])
        await create('quiet', attributes, { UserPoolId: own, ...media, MessageAction: 'SUPPRESS' })
        assert.deepEqual(await server().sent(), [])
      })

      test('a password that is given is kept', async () => {
        const pool = await passwordless('EMAIL_OTP')
        const input = { UserPoolId: pool, TemporaryPassword: 'Given-horse-9' }
        const { User } = await create('careful', { email: 'a@example.com', email_verified: 'true' }, input)
        assert.equal(User?.UserStatus, 'FORCE_CHANGE_PASSWORD')
      })

      test('a user without a password must have every required attribute', async () => {
        const Schema = [{ Name: 'given_name', AttributeDataType: 'String' as const, Required: true }]
        const pool = await passwordless('EMAIL_OTP', { Schema })
        const reachable = { email: 'a@example.com', email_verified: 'true' }
        await assert.rejects(
          create('incomplete', reachable, { UserPoolId: pool }),
          refusal(
            'InvalidParameterException',
            'Attributes did not conform to the schema: given_name: The attribute is required',
          ),
        )
        const complete = { ...reachable, given_name: 'Ada' }
        const { User } = await create('complete', complete, { UserPoolId: pool })
        assert.equal(User?.UserStatus, 'CONFIRMED')
      })
    })

    test('a message whose function is not there is not sent, and nobody is created', async () => {
      const input = { MessageAction: 'SUPPRESS' as const }
      const message = await createPool(server(), { LambdaConfig: { CustomMessage: lambda } })
      const reachable = { phone_number: phone }
      await assert.rejects(create('triggering', reachable, { UserPoolId: message }), notRun('CustomMessage'))
      // Not even half of the user: the name is free.
      await create('triggering', reachable, { ...input, UserPoolId: message })
      assert.deepEqual(await server().sent(), [])
    })
  })
})
