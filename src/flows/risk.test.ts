import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  type AccountTakeoverEventActionType as Action,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateAuthEventFeedbackCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  type CreateUserPoolCommandInput,
  type EventRiskType,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  SetRiskConfigurationCommand,
  type SetRiskConfigurationCommandInput,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createRecordedPool, eventsOf } from '../../test/events.ts'
import { createClient, createUser, password, refusal } from '../../test/fixtures.ts'
import { onEachStore, type TestServer } from '../../test/harness.ts'
import { codeSent, type Place, respond, showUser, start, tokensOf } from '../../test/sign-in.ts'
import { functionArnOf } from '../../test/trigger-functions.ts'
import { deliverDue } from './delivery.ts'

type Settings = Omit<SetRiskConfigurationCommandInput, 'UserPoolId'>

const bad = 'Password1!'
const blockedAddress = refusal('NotAuthorizedException', 'Request not allowed due to security reasons.')
const risky = refusal('NotAuthorizedException', 'Unable to login because of security reasons.')
const insecure = refusal('InvalidPasswordException', 'Provided password cannot be used for security reasons.')
const lost = refusal(
  'PasswordResetRequiredException',
  'Password reset required for user due to security reasons',
)
const resetRequired = refusal('PasswordResetRequiredException', 'Password reset required for the user')

const starters = ['InitiateAuth', 'AdminInitiateAuth'] as const
const answerers = ['RespondToAuthChallenge', 'AdminRespondToAuthChallenge'] as const

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36'
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const home = { ip: '192.0.2.1', agent: chrome }
const abroad = { ip: '198.51.100.7', agent: firefox }

const takeover = (EventAction: Action, Notify = false, NotifyConfiguration?: object): Settings => ({
  AccountTakeoverRiskConfiguration: {
    Actions: { LowAction: { EventAction, Notify } },
    NotifyConfiguration: NotifyConfiguration as never,
  },
})
const exceptions = (BlockedIPRangeList: string[], SkippedIPRangeList: string[] = []): Settings => ({
  RiskExceptionConfiguration: { BlockedIPRangeList, SkippedIPRangeList },
})
const here = '127.0.0.0/8'

/** A protected pool and its clients, and people in it. */
function house(server: () => TestServer) {
  const build = (mode: 'AUDIT' | 'ENFORCED', input: Partial<CreateUserPoolCommandInput> = {}) =>
    createRecordedPool(server(), {
      UserPoolAddOns: { AdvancedSecurityMode: mode },
      AutoVerifiedAttributes: ['email'],
      ...input,
    })
  const configure = ({ UserPoolId }: Place, settings: Settings) =>
    server().client.send(new SetRiskConfigurationCommand({ UserPoolId, ...settings }))
  const person = async (
    { UserPoolId }: Place,
    name: string,
    attributes: Readonly<Record<string, string>> = {},
    Password = password,
  ) => {
    await createUser(server(), UserPoolId, name, attributes)
    await server().client.send(
      new AdminSetUserPasswordCommand({ UserPoolId, Username: name, Password, Permanent: true }),
    )
    return name
  }
  /** Signs in on a user's behalf, from wherever they say they are. */
  const from = (
    { UserPoolId, ClientId }: Place,
    USERNAME: string,
    place: typeof home,
    PASSWORD = password,
  ) => {
    server().clock.now += 1000
    return server().client.send(
      new AdminInitiateAuthCommand({
        UserPoolId,
        ClientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME, PASSWORD },
        ContextData: {
          IpAddress: place.ip,
          ServerName: 'example.com',
          ServerPath: '/sign-in',
          HttpHeaders: [{ headerName: 'User-Agent', headerValue: place.agent }],
        },
      }),
    )
  }
  const risks = async ({ UserPoolId }: Place, name: string): Promise<(EventRiskType | undefined)[]> =>
    (await eventsOf(server(), UserPoolId, name)).map(({ EventRisk }) => EventRisk)
  const calm = { RiskDecision: 'NoRisk', CompromisedCredentialsDetected: false }
  const rated = (RiskDecision: string, RiskLevel?: string) => ({
    RiskDecision,
    ...(RiskLevel && { RiskLevel }),
    CompromisedCredentialsDetected: false,
  })
  const found = (RiskDecision: string) => ({ RiskDecision, CompromisedCredentialsDetected: true })
  const disown = async (place: Place, Username: string, FeedbackValue: 'Valid' | 'Invalid' = 'Invalid') => {
    const [event] = await eventsOf(server(), place.UserPoolId, Username)
    await server().client.send(
      new AdminUpdateAuthEventFeedbackCommand({
        UserPoolId: place.UserPoolId,
        Username,
        EventId: event?.EventId,
        FeedbackValue,
      }),
    )
  }
  return { build, configure, person, from, risks, calm, rated, found, disown }
}

describe('threat protection', () => {
  onEachStore((server) => {
    const { build, configure, person, from, risks, calm, rated, found, disown } = house(server)

    describe('addresses that are blocked', () => {
      let place: Place
      const close = () => configure(place, exceptions([here]))
      const open = () => configure(place, {})
      before(async () => {
        place = await build('ENFORCED')
      })

      for (const operation of starters) {
        test(`begin no sign-in with ${operation}, and it is on record`, async () => {
          const USERNAME = await person(place, `blocked-${operation}`)
          await close()
          const signIn = () => start(server(), operation, place, { USERNAME, PASSWORD: password })
          await assert.rejects(signIn(), blockedAddress)
          await assert.rejects(
            start(server(), operation, place, { USERNAME: 'nobody', PASSWORD: password }),
            blockedAddress,
          )
          assert.deepEqual(await risks(place, USERNAME), [rated('Block')])
          await open()
          await signIn()
        })
      }

      for (const operation of answerers) {
        test(`go on with none by ${operation}`, async () => {
          const USERNAME = await person(place, `halted-${operation}`)
          await server().client.send(
            new AdminSetUserPasswordCommand({
              UserPoolId: place.UserPoolId,
              Username: USERNAME,
              Password: password,
              Permanent: false,
            }),
          )
          const asked = await start(server(), 'AdminInitiateAuth', place, { USERNAME, PASSWORD: password })
          const answer = () =>
            respond(server(), operation, place, 'NEW_PASSWORD_REQUIRED', asked.Session, {
              USERNAME,
              NEW_PASSWORD: 'Another-horse-9',
            })
          await close()
          await assert.rejects(answer(), blockedAddress)
          await open()
          await answer()
        })
      }

      test('sign nobody up, confirm nobody, and recover no account', async () => {
        const { ClientId } = place
        const Username = 'newcomer'
        const email = [{ Name: 'email', Value: 'newcomer@example.com' }]
        const signUp = new SignUpCommand({ ClientId, Username, Password: password, UserAttributes: email })
        const calls = [
          new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode: '123456' }),
          new ResendConfirmationCodeCommand({ ClientId, Username }),
          new ForgotPasswordCommand({ ClientId, Username }),
          new ConfirmForgotPasswordCommand({
            ClientId,
            Username,
            ConfirmationCode: '123456',
            Password: password,
          }),
        ]
        await close()
        await assert.rejects(server().client.send(signUp), blockedAddress)
        await open()
        await server().client.send(signUp)
        await server().sent()
        await close()
        for (const call of calls)
          await assert.rejects(server().client.send(call as ForgotPasswordCommand), blockedAddress)
        assert.deepEqual(await server().sent(), [])
        await open()
      })

      test('refresh tokens all the same', async () => {
        const USERNAME = await person(place, 'refreshing')
        const { RefreshToken } = await tokensOf(server(), place, USERNAME)
        await close()
        await server().client.send(
          new InitiateAuthCommand({
            ClientId: place.ClientId,
            AuthFlow: 'REFRESH_TOKEN_AUTH',
            AuthParameters: { REFRESH_TOKEN: RefreshToken },
          }),
        )
        await open()
      })

      test('are those of the client, where it has some of its own', async () => {
        const USERNAME = await person(place, 'at-two-clients')
        const { ClientId } = await createClient(server(), place.UserPoolId)
        const other = { ...place, ClientId }
        const signIn = (at: Place) => start(server(), 'InitiateAuth', at, { USERNAME, PASSWORD: password })
        await configure(place, { ...exceptions([here]), ClientId })
        await assert.rejects(signIn(other), blockedAddress)
        await signIn(place)
        await close()
        await configure(place, { ...exceptions([]), ClientId })
        await signIn(other)
        await assert.rejects(signIn(place), blockedAddress)
        await open()
      })

      test('are not, while threat protection only looks', async () => {
        const audited = await build('AUDIT')
        const USERNAME = await person(audited, 'ada')
        await configure(audited, exceptions([here]))
        await start(server(), 'InitiateAuth', audited, { USERNAME, PASSWORD: password })
        assert.deepEqual(await risks(audited, USERNAME), [calm])
      })
    })

    describe('passwords that others know', () => {
      let place: Place
      before(async () => {
        place = await build('ENFORCED')
      })

      for (const operation of starters) {
        test(`end a sign-in with ${operation}, and must be replaced`, async () => {
          const USERNAME = await person(place, `careless-${operation}`, {}, bad)
          const signIn = () => start(server(), operation, place, { USERNAME, PASSWORD: bad })
          await assert.rejects(signIn(), lost)
          assert.equal((await showUser(server(), place.UserPoolId, USERNAME)).UserStatus, 'RESET_REQUIRED')
          assert.deepEqual(await risks(place, USERNAME), [found('Block')])
          await assert.rejects(signIn(), resetRequired)
        })
      }

      for (const operation of answerers) {
        test(`end a sign-in by choice with ${operation}`, async () => {
          const USERNAME = await person(place, `chosen-${operation}`, {}, bad)
          const asked = await start(server(), 'InitiateAuth', place, { USERNAME }, 'USER_AUTH')
          await assert.rejects(
            respond(server(), operation, place, 'SELECT_CHALLENGE', asked.Session, {
              USERNAME,
              ANSWER: 'PASSWORD',
              PASSWORD: bad,
            }),
            lost,
          )
        })

        test(`do not replace a temporary one with ${operation}`, async () => {
          const USERNAME = await person(place, `temporary-${operation}`)
          await server().client.send(
            new AdminSetUserPasswordCommand({
              UserPoolId: place.UserPoolId,
              Username: USERNAME,
              Password: bad,
              Permanent: false,
            }),
          )
          const asked = await start(server(), 'AdminInitiateAuth', place, { USERNAME, PASSWORD: bad })
          const answer = (NEW_PASSWORD: string) =>
            respond(server(), operation, place, 'NEW_PASSWORD_REQUIRED', asked.Session, {
              USERNAME,
              NEW_PASSWORD,
            })
          await assert.rejects(answer('Welcome123!'), insecure)
          assert.deepEqual(await risks(place, USERNAME), [found('Block')])
          await answer('Another-horse-9')
        })
      }

      test('tell nothing to whoever has another', async () => {
        const USERNAME = await person(place, 'guessed')
        await assert.rejects(
          start(server(), 'InitiateAuth', place, { USERNAME, PASSWORD: bad }),
          refusal('NotAuthorizedException', 'Incorrect username or password.'),
        )
        assert.deepEqual(await risks(place, USERNAME), [calm])
      })

      test('sign nobody up', async () => {
        const { ClientId } = place
        const signUp = (Password: string) =>
          server().client.send(
            new SignUpCommand({
              ClientId,
              Username: 'signing-up',
              Password,
              UserAttributes: [{ Name: 'email', Value: 'signing-up@example.com' }],
            }),
          )
        await assert.rejects(signUp(bad), insecure)
        await signUp(password)
        await server().sent()
      })

      test('are set by nobody who has forgotten theirs, or wants another', async () => {
        const { UserPoolId, ClientId } = place
        const email = { email: 'forgetful@example.com', email_verified: 'true' }
        const Username = await person(place, 'forgetful', email)
        await server().client.send(new ForgotPasswordCommand({ ClientId, Username }))
        const ConfirmationCode = await codeSent(server())
        server().clock.now += 1000
        const confirm = (Password: string) =>
          server().client.send(
            new ConfirmForgotPasswordCommand({ ClientId, Username, ConfirmationCode, Password }),
          )
        await assert.rejects(confirm(bad), insecure)
        const [event] = await eventsOf(server(), UserPoolId, Username)
        assert.deepEqual([event?.EventType, event?.EventRisk], ['PasswordChange', found('Block')])
        await confirm('Another-horse-9')
        const { AccessToken } = await tokensOf(server(), place, Username, 'Another-horse-9')
        await assert.rejects(
          server().client.send(
            new ChangePasswordCommand({
              AccessToken,
              PreviousPassword: 'Another-horse-9',
              ProposedPassword: bad,
            }),
          ),
          insecure,
        )
      })

      test('are taken where the pool, or its client, says so, and put on record', async () => {
        const lenient = await build('ENFORCED')
        await configure(lenient, {
          CompromisedCredentialsRiskConfiguration: { Actions: { EventAction: 'NO_ACTION' } },
        })
        const USERNAME = await person(lenient, 'ada', {}, bad)
        await start(server(), 'InitiateAuth', lenient, { USERNAME, PASSWORD: bad })
        assert.deepEqual(await risks(lenient, USERNAME), [found('NoRisk')])
        const filtered: Settings = {
          CompromisedCredentialsRiskConfiguration: {
            EventFilter: ['SIGN_UP'],
            Actions: { EventAction: 'BLOCK' },
          },
        }
        await configure(lenient, { ...filtered, ClientId: lenient.ClientId })
        server().clock.now += 1000
        await start(server(), 'InitiateAuth', lenient, { USERNAME, PASSWORD: bad })
        assert.deepEqual(await risks(lenient, USERNAME), [calm, found('NoRisk')])
      })

      test('are put on record while threat protection only looks', async () => {
        const audited = await build('AUDIT')
        const USERNAME = await person(audited, 'ada', {}, bad)
        await start(server(), 'InitiateAuth', audited, { USERNAME, PASSWORD: bad })
        await server().client.send(
          new SignUpCommand({
            ClientId: audited.ClientId,
            Username: 'bob',
            Password: bad,
            UserAttributes: [{ Name: 'email', Value: 'bob@example.com' }],
          }),
        )
        await server().sent()
        for (const name of [USERNAME, 'bob']) assert.deepEqual(await risks(audited, name), [found('NoRisk')])
      })
    })

    describe('a sign-in that is likely not its user’s', () => {
      test('is blocked unless the pool says otherwise, and nobody is told', async () => {
        const place = await build('ENFORCED')
        const name = await person(place, 'ada', { email: 'ada@example.com' })
        await from(place, name, home)
        await assert.rejects(from(place, name, abroad), risky)
        assert.deepEqual(await risks(place, name), [rated('Block', 'Low'), calm])
        assert.deepEqual(await server().sent(), [])
        // A wrong password is no more than wrong, and the right one from home gets in.
        await assert.rejects(
          from(place, name, abroad, 'Wrong-horse-9'),
          refusal('NotAuthorizedException', 'Incorrect username or password.'),
        )
        await from(place, name, home)
        // Whoever says that it was them is let in from there.
        await assert.rejects(from(place, name, abroad), risky)
        await disown(place, name, 'Valid')
        await from(place, name, abroad)
      })

      for (const operation of starters) {
        test(`is blocked by ${operation} where the user was not before`, async () => {
          const place = await build('ENFORCED')
          const USERNAME = await person(place, 'ada')
          const signIn = () => start(server(), operation, place, { USERNAME, PASSWORD: password })
          await signIn()
          await disown(place, USERNAME)
          await assert.rejects(signIn(), risky)
          assert.deepEqual((await risks(place, USERNAME)).toSorted(byDecision), [
            rated('Block', 'High'),
            calm,
          ])
        })
      }

      for (const operation of answerers) {
        test(`is blocked by ${operation} once the password is right`, async () => {
          const place = await build('ENFORCED')
          const USERNAME = await person(place, 'ada')
          await start(server(), 'InitiateAuth', place, { USERNAME, PASSWORD: password })
          await disown(place, USERNAME)
          const asked = await start(server(), 'InitiateAuth', place, { USERNAME }, 'USER_AUTH')
          const answer = (PASSWORD: string) =>
            respond(server(), operation, place, 'SELECT_CHALLENGE', asked.Session, {
              USERNAME,
              ANSWER: 'PASSWORD',
              PASSWORD,
            })
          await assert.rejects(answer('Wrong-horse-9'), /Incorrect username or password/)
          await assert.rejects(answer(password), risky)
        })
      }

      test('is put on record and let be while threat protection only looks', async () => {
        const place = await build('AUDIT')
        const name = await person(place, 'ada')
        await from(place, name, home)
        await from(place, name, abroad)
        assert.deepEqual(await risks(place, name), [rated('AccountTakeover', 'Low'), calm])
      })

      test('is not looked at from addresses that are always allowed', async () => {
        const place = await build('ENFORCED')
        await configure(place, exceptions([], ['198.51.100.0/24']))
        const name = await person(place, 'ada')
        await from(place, name, home)
        await from(place, name, abroad)
        assert.deepEqual(await risks(place, name), [calm, calm])
      })

      test('is let be where the pool says so', async () => {
        const place = await build('ENFORCED')
        await configure(place, takeover('NO_ACTION'))
        const name = await person(place, 'ada')
        await from(place, name, home)
        await from(place, name, abroad)
        assert.deepEqual(await risks(place, name), [rated('AccountTakeover', 'Low'), calm])
      })

      test('needs a second factor of whoever can have one', async () => {
        for (const action of ['MFA_IF_CONFIGURED', 'MFA_REQUIRED'] as const) {
          const place = await build('ENFORCED')
          await configure(place, takeover(action))
          const name = await person(place, 'ada', { phone_number: '+15555550123' })
          assert.ok((await from(place, name, home)).AuthenticationResult)
          const asked = await from(place, name, abroad)
          assert.equal(asked.ChallengeName, 'SMS_MFA')
          const { AuthenticationResult } = await respond(
            server(),
            'AdminRespondToAuthChallenge',
            place,
            'SMS_MFA',
            asked.Session,
            { USERNAME: name, SMS_MFA_CODE: await codeSent(server()) },
          )
          assert.ok(AuthenticationResult)
          assert.deepEqual(await risks(place, name), [rated('AccountTakeover', 'Low'), calm])
          // They have shown who they are: it is their place from now on. What did the answer come from is this server.
          assert.ok((await from(place, name, abroad)).AuthenticationResult)
        }
      })

      test('of somebody who can have none is let be, or refused', async () => {
        const lenient = await build('ENFORCED')
        await configure(lenient, takeover('MFA_IF_CONFIGURED'))
        const strict = await build('ENFORCED')
        await configure(strict, takeover('MFA_REQUIRED', true))
        for (const place of [lenient, strict]) {
          await person(place, 'ada', { email: 'ada@example.com' })
          await from(place, 'ada', home)
        }
        assert.ok((await from(lenient, 'ada', abroad)).AuthenticationResult)
        await assert.rejects(
          from(strict, 'ada', abroad),
          refusal('MFAMethodNotFoundException', 'No MFA mechanism registerd in the account.'),
        )
        assert.deepEqual(await risks(strict, 'ada'), [rated('Block', 'Low'), calm])
        const [mail, ...others] = await server().sent()
        assert.deepEqual(others, [])
        assert.equal(mail?.subject, 'Blocked sign-in attempt')
      })
    })

    describe('tells its user, where the pool says so', () => {
      const emails = {
        SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/admin@example.com',
        BlockEmail: {
          Subject: 'Blocked',
          TextBody: 'Blocked {username} from {ip-address} on {device-name} at {login-time}.',
        },
        MfaEmail: { Subject: 'MFA', TextBody: 'Asked {username}.' },
        NoActionEmail: { Subject: 'New', HtmlBody: '<p>{username} from {city}, {country}' },
      }
      const rows: readonly (readonly [action: Action, subject: string, body: string])[] = [
        ['BLOCK', 'Blocked', 'Blocked ada from 198.51.100.7 on Firefox 140, Linux at {now}.'],
        ['NO_ACTION', 'New', '<p>ada from unknown, unknown'],
        ['MFA_IF_CONFIGURED', 'MFA', 'Asked ada.'],
        ['MFA_REQUIRED', 'MFA', 'Asked ada.'],
      ]
      for (const [action, subject, body] of rows) {
        test(action, async () => {
          const place = await build('ENFORCED')
          await configure(place, takeover(action, true, emails))
          const name = await person(place, 'ada', { email: 'ada@example.com', phone_number: '+15555550123' })
          await from(place, name, home)
          assert.deepEqual(await server().sent(), [])
          await from(place, name, abroad).catch((error) => assert.ok(risky(error)))
          const now = new Date(server().clock.now).toISOString()
          const sent = await server().sent()
          assert.deepEqual(
            sent.filter(({ medium }) => medium === 'EMAIL'),
            [{ medium: 'EMAIL', to: 'ada@example.com', subject, body: body.replace('{now}', now) }],
          )
          assert.equal(sent.length, action.startsWith('MFA') ? 2 : 1)
        })
      }

      test('once a sign-in, however many calls it takes', async () => {
        const place = await build('ENFORCED')
        await configure(place, takeover('MFA_REQUIRED', true, emails))
        const name = await person(place, 'ada', { email: 'ada@example.com', phone_number: '+15555550123' })
        await from(place, name, home)
        const asked = await from(place, name, abroad)
        const [code] = (await server().sent()).filter(({ medium }) => medium === 'SMS')
        await respond(server(), 'RespondToAuthChallenge', place, 'SMS_MFA', asked.Session, {
          USERNAME: name,
          SMS_MFA_CODE: code?.code ?? '',
        })
        assert.deepEqual(await server().sent(), [])
      })

      test('through the function that carries the pool’s mail', async () => {
        const place = await build('ENFORCED', {
          LambdaConfig: {
            CustomEmailSender: { LambdaArn: functionArnOf('carrier'), LambdaVersion: 'V1_0' },
            KMSKeyID: 'arn:aws:kms:us-east-1:123456789012:key/a6c4f8e2-0c45-47db-925f-87854bc9e357',
          },
        })
        server().functions.define({ carrier: () => undefined })
        await configure(place, takeover('NO_ACTION', true, emails))
        const name = await person(place, 'ada', { email: 'ada@example.com' })
        await from(place, name, home)
        await from(place, name, abroad)
        await deliverDue(server().app, 'EMAIL')
        const [event, ...others] = server().functions.events()
        assert.deepEqual(others, [])
        assert.equal(event?.triggerSource, 'CustomEmailSender_AccountTakeOverNotification')
        assert.equal(event?.request.code, null)
        assert.deepEqual(await server().sent(), [])
      })

      test('but not whoever has no address', async () => {
        const place = await build('ENFORCED')
        await configure(place, takeover('NO_ACTION', true, emails))
        const name = await person(place, 'ada')
        await from(place, name, home)
        await from(place, name, abroad)
        assert.deepEqual(await server().sent(), [])
      })
    })
  })
})

const byDecision = (one: EventRiskType | undefined, other: EventRiskType | undefined): number =>
  (one?.RiskDecision ?? '') < (other?.RiskDecision ?? '') ? -1 : 1
