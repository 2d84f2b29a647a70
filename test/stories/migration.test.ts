import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  ConfirmForgotPasswordCommand,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
  ForgotPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { confirm, createPlace, emailTo, messageSent, type Place, showUser, signUp } from '../accounts.ts'
import { password, refusal } from '../fixtures.ts'
import { onEachStore } from '../harness.ts'
import { claimsOf, type Starter, start } from '../sign-in.ts'
import { functionArnOf, type TestFunction } from '../trigger-functions.ts'
import { passwordFlows } from '../triggered.ts'

/** Users who come over from a directory of old, one by one, when they sign in or have forgotten their password. */
const former: TestFunction = (event) => {
  const forgotten = event.triggerSource === 'UserMigration_ForgotPassword'
  if (event.userName === 'broken') throw new Error('The old directory is down')
  if (!event.userName.startsWith('former') || !(forgotten || event.request.password === password))
    return event
  const response = {
    userAttributes: { email: `${event.userName}@example.com`, email_verified: 'true' },
    ...(!forgotten && { finalUserStatus: 'CONFIRMED' }),
    messageAction: 'SUPPRESS',
  }
  return { ...event, response }
}

onEachStore((server) => {
  async function another(
    pool: Partial<CreateUserPoolCommandInput> = {},
    client: Partial<CreateUserPoolClientCommandInput> = {},
    migrate = former,
  ): Promise<Place> {
    server().functions.define({ migrate })
    server().functions.events()
    return createPlace(
      server(),
      { LambdaConfig: { UserMigration: functionArnOf('migrate') }, ...pool },
      { ExplicitAuthFlows: [...passwordFlows, 'ALLOW_USER_SRP_AUTH', 'ALLOW_USER_AUTH'], ...client },
    )
  }
  const signIn = (at: Place, USERNAME: string, PASSWORD = password, by: Starter = 'InitiateAuth') =>
    start(server(), by, at, { USERNAME, PASSWORD })

  for (const by of ['InitiateAuth', 'AdminInitiateAuth'] as const) {
    describe(by, () => {
      test('takes over who comes with the right password, once', async () => {
        const at = await another()
        const { AuthenticationResult } = await signIn(at, 'former', password, by)
        assert.equal(claimsOf(AuthenticationResult?.IdToken).email, 'former@example.com')
        const [event, ...others] = server().functions.events()
        assert.deepEqual(others, [])
        assert.equal(event?.triggerSource, 'UserMigration_Authentication')
        assert.deepEqual(event?.request, { password, validationData: null, userAttributes: null })
        const user = await showUser(server(), at, 'former')
        assert.equal(user.UserStatus, 'CONFIRMED')
        assert.equal(user.attributes.email_verified, 'true')
        assert.ok((await signIn(at, 'former', password, by)).AuthenticationResult)
        await assert.rejects(signIn(at, 'former', 'wrong', by), { name: 'NotAuthorizedException' })
        assert.deepEqual(server().functions.events(), [])
        assert.deepEqual(await server().sent(), [])
      })

      test('two sign-ins at once take over one user', async () => {
        const at = await another()
        const both = await Promise.all([
          signIn(at, 'former', password, by),
          signIn(at, 'former', password, by),
        ])
        const subs = both.map(({ AuthenticationResult }) => claimsOf(AuthenticationResult?.AccessToken).sub)
        assert.equal(new Set(subs).size, 1)
      })

      test('who is not known there either, or comes with a wrong password, is nobody', async () => {
        const at = await another()
        for (const [name, given] of [
          ['stranger', password],
          ['former', 'wrong'],
        ] as const) {
          await assert.rejects(
            signIn(at, name, given, by),
            refusal('UserNotFoundException', 'User does not exist.'),
          )
          await assert.rejects(showUser(server(), at, name), { name: 'UserNotFoundException' })
        }
      })

      test('what goes wrong in there stays in there', async () => {
        const at = await another()
        const failed = refusal(
          'UserNotFoundException',
          `Exception migrating user in app client ${at.ClientId}`,
        )
        await assert.rejects(signIn(at, 'broken', password, by), failed)
        server().functions.define({ migrate: (event) => ({ ...event, response: { userAttributes: 'all' } }) })
        await assert.rejects(signIn(at, 'former', password, by), failed)
        // An attribute that the pool does not have.
        server().functions.define({
          migrate: (event) => ({ ...event, response: { userAttributes: { 'custom:none': '1' } } }),
        })
        await assert.rejects(signIn(at, 'former', password, by), failed)
        const hiding = await another({}, { PreventUserExistenceErrors: 'ENABLED' })
        await assert.rejects(
          signIn(hiding, 'broken', password, by),
          refusal('NotAuthorizedException', 'Incorrect username or password.'),
        )
      })

      test('the password is kept as it is, whatever the policy; a status of its own is kept', async () => {
        const at = await another({ Policies: { PasswordPolicy: { MinimumLength: 30 } } })
        assert.ok((await signIn(at, 'former', password, by)).AuthenticationResult)
        const reset = await another({}, {}, (event) => ({
          ...event,
          response: { userAttributes: { email: 'former@example.com', email_verified: 'true' } },
        }))
        await assert.rejects(
          signIn(reset, 'former', password, by),
          refusal('PasswordResetRequiredException', 'Password reset required for the user'),
        )
        assert.equal((await showUser(server(), reset, 'former')).UserStatus, 'RESET_REQUIRED')
      })
    })
  }

  test('a sign-in that brings no password along migrates nobody', async () => {
    const at = await another()
    const srp = start(server(), 'InitiateAuth', at, { USERNAME: 'former', SRP_A: 'ab' }, 'USER_SRP_AUTH')
    await assert.rejects(srp, { name: 'UserNotFoundException' })
    const choice = start(server(), 'InitiateAuth', at, { USERNAME: 'former' }, 'USER_AUTH')
    await assert.rejects(choice, { name: 'UserNotFoundException' })
    assert.deepEqual(server().functions.events(), [])
    const parameters = { USERNAME: 'former', PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: password }
    assert.ok((await start(server(), 'InitiateAuth', at, parameters, 'USER_AUTH')).AuthenticationResult)
  })

  test('an email address that is the username, and a second factor by SMS from the first day', async () => {
    const at = await another(
      {
        UsernameAttributes: ['email'],
        MfaConfiguration: 'OPTIONAL',
        SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' },
      },
      {},
      (event) => ({
        ...event,
        response: {
          userAttributes: { email_verified: 'true', phone_number: '+15555550177', username: event.userName },
          finalUserStatus: 'CONFIRMED',
          messageAction: 'SUPPRESS',
          enableSMSMFA: true,
        },
      }),
    )
    const { ChallengeName } = await signIn(at, 'former@example.com')
    assert.equal(ChallengeName, 'SMS_MFA')
    assert.equal((await messageSent(server())).to, '+15555550177')
    const user = await showUser(server(), at, 'former@example.com')
    assert.equal(user.Username, user.attributes.sub)
    assert.equal(user.attributes.email, 'former@example.com')
  })

  describe('a welcome is sent', () => {
    const withoutSms = { SmsConfiguration: undefined }
    const both = { email: 'former@example.com', phone_number: '+15555550177' }
    const text = 'Your username is former.'
    const bySms = { medium: 'SMS', to: both.phone_number, body: text }
    const byEmail = { medium: 'EMAIL', to: both.email, subject: 'Your username', body: text }
    const welcoming =
      (response: object): TestFunction =>
      (event) => ({ ...event, response: { userAttributes: both, finalUserStatus: 'CONFIRMED', ...response } })
    const rows: [how: string, response: object, messages: object[], pool?: object][] = [
      ['by SMS, where nothing is said', {}, [bySms]],
      ['by email, where that is wanted', { desiredDeliveryMediums: ['EMAIL'] }, [byEmail]],
      ['by both', { desiredDeliveryMediums: ['EMAIL', 'SMS'] }, [byEmail, bySms]],
      ['in no way that the pool does not have', {}, [], withoutSms],
      ['to no address that is not there', { userAttributes: { name: 'Former' } }, []],
      ['not at all, where it is suppressed', { messageAction: 'SUPPRESS' }, []],
    ]
    for (const [how, response, messages, pool] of rows) {
      test(how, async () => {
        const at = await another(pool, {}, welcoming(response))
        assert.ok((await signIn(at, 'former')).AuthenticationResult)
        assert.deepEqual(
          (await server().sent()).sort((one, other) => (one.medium < other.medium ? -1 : 1)),
          messages,
        )
      })
    }
  })

  test('an alias that somebody else holds moves only where the function says so', async () => {
    const claim =
      (forceAliasCreation: boolean): TestFunction =>
      (event) => ({
        ...event,
        response: {
          userAttributes: { email: 'held@example.com', email_verified: 'true' },
          finalUserStatus: 'CONFIRMED',
          forceAliasCreation,
        },
      })
    const at = await another({ AliasAttributes: ['email'] }, {}, claim(false))
    await signUp(server(), at, 'holder', { email: 'held@example.com' })
    await confirm(server(), at, 'holder', (await messageSent(server())).code)
    await assert.rejects(signIn(at, 'former'), { name: 'UserNotFoundException' })
    server().functions.define({ migrate: claim(true) })
    assert.ok((await signIn(at, 'former')).AuthenticationResult)
    assert.equal((await showUser(server(), at, 'held@example.com')).Username, 'former')
    assert.equal((await showUser(server(), at, 'holder')).attributes.email_verified, 'false')
  })

  test('who has forgotten the password is taken over, and sets a new one with a code', async () => {
    const at = await another()
    const { ClientId } = at
    const Username = 'former'
    const forgot = (name: string) =>
      server().client.send(
        new ForgotPasswordCommand({ ClientId, Username: name, ClientMetadata: { from: 'forgot' } }),
      )
    await forgot(Username)
    const [event] = server().functions.events()
    assert.equal(event?.triggerSource, 'UserMigration_ForgotPassword')
    assert.deepEqual(event?.request, {
      validationData: null,
      userAttributes: null,
      clientMetadata: { from: 'forgot' },
    })
    const { code, ...message } = await messageSent(server())
    assert.deepEqual({ code, ...message }, emailTo('former@example.com', code))
    assert.equal((await showUser(server(), at, Username)).UserStatus, 'RESET_REQUIRED')
    const Password = `${password}!`
    await server().client.send(
      new ConfirmForgotPasswordCommand({ ClientId, Username, ConfirmationCode: code, Password }),
    )
    assert.ok((await signIn(at, Username, Password)).AuthenticationResult)
    await assert.rejects(
      forgot('broken'),
      refusal('UserNotFoundException', `Exception migrating user in app client ${ClientId}`),
    )
    await assert.rejects(forgot('stranger'), { name: 'UserNotFoundException' })
  })

  test('a function that is broken is told from nobody by nothing, where the client hides who exists', async () => {
    const { ClientId } = await another({}, { PreventUserExistenceErrors: 'ENABLED' })
    const forgot = async (Username: string) =>
      (await server().client.send(new ForgotPasswordCommand({ ClientId, Username }))).CodeDeliveryDetails
    const { Destination: _, ...hidden } = (await forgot('stranger')) ?? {}
    const { Destination, ...broken } = (await forgot('broken')) ?? {}
    assert.match(Destination ?? '', /^[a-z]\*\*\*@[a-z]\*\*\*$/)
    assert.deepEqual(broken, hidden)
    assert.deepEqual(await server().sent(), [])
  })
})
