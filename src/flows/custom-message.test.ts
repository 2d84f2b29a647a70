import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminResetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ForgotPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createPlace, type Place, showUser, signUp, tokensOf } from '../../test/accounts.ts'
import { createUser, password, phone, refusal, smsConfiguration } from '../../test/fixtures.ts'
import { onEachStore } from '../../test/harness.ts'
import { emailConfiguration, setLegacySms } from '../../test/sign-in.ts'
import { functionArnOf, type TestFunction } from '../../test/trigger-functions.ts'
import { passwordFlows, signIn, sources } from '../../test/triggered.ts'
import { TriggerUnreachable } from '../ports/trigger-runner.ts'

/** CustomMessage: the words of a pool's function in everything that is sent. */
onEachStore((server) => {
  const words: TestFunction = (event) => ({
    ...event,
    response: {
      smsMessage: `${event.triggerSource}: ${event.request.codeParameter} ${event.request.usernameParameter ?? ''}`,
      emailMessage: `<b>${event.request.codeParameter}</b> ${event.request.usernameParameter ?? ''}`,
      emailSubject: event.triggerSource,
    },
  })
  const input = {
    LambdaConfig: { CustomMessage: functionArnOf('words') },
    AutoVerifiedAttributes: ['email' as const],
    EmailConfiguration: emailConfiguration,
    SmsConfiguration: smsConfiguration,
    MfaConfiguration: 'OPTIONAL' as const,
  }
  async function another(pool: object = {}, write = words): Promise<Place> {
    server().functions.define({ words: write })
    server().functions.events()
    return createPlace(server(), { ...input, ...pool }, { ExplicitAuthFlows: [...passwordFlows] })
  }
  const email = 'ada@example.com'
  const verified = { email, email_verified: 'true', phone_number: phone }

  /** Every call that sends something, and what the user is before. */
  const calls: Record<
    string,
    [reason: string, before: 'nobody' | 'waiting' | 'ada', (at: Place, token: string) => Promise<unknown>]
  > = {
    SignUp: ['SignUp', 'nobody', (at) => signUp(server(), at, 'ada', { email })],
    ResendConfirmationCode: [
      'ResendCode',
      'waiting',
      ({ ClientId }) =>
        server().client.send(new ResendConfirmationCodeCommand({ ClientId, Username: 'ada' })),
    ],
    AdminCreateUser: [
      'AdminCreateUser',
      'nobody',
      ({ UserPoolId }) =>
        server().client.send(
          new AdminCreateUserCommand({
            UserPoolId,
            Username: 'ada',
            UserAttributes: [{ Name: 'email', Value: email }],
            DesiredDeliveryMediums: ['EMAIL'],
          }),
        ),
    ],
    ForgotPassword: [
      'ForgotPassword',
      'ada',
      ({ ClientId }) => server().client.send(new ForgotPasswordCommand({ ClientId, Username: 'ada' })),
    ],
    AdminResetUserPassword: [
      'ForgotPassword',
      'ada',
      ({ UserPoolId }) =>
        server().client.send(new AdminResetUserPasswordCommand({ UserPoolId, Username: 'ada' })),
    ],
    UpdateUserAttributes: [
      'UpdateUserAttribute',
      'ada',
      (_, AccessToken) =>
        server().client.send(
          new UpdateUserAttributesCommand({
            AccessToken,
            UserAttributes: [{ Name: 'email', Value: 'new@example.com' }],
          }),
        ),
    ],
    AdminUpdateUserAttributes: [
      'UpdateUserAttribute',
      'ada',
      ({ UserPoolId }) =>
        server().client.send(
          new AdminUpdateUserAttributesCommand({
            UserPoolId,
            Username: 'ada',
            UserAttributes: [{ Name: 'email', Value: 'new@example.com' }],
          }),
        ),
    ],
    GetUserAttributeVerificationCode: [
      'VerifyUserAttribute',
      'ada',
      (_, AccessToken) =>
        server().client.send(
          new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: 'email' }),
        ),
    ],
  }

  /** Brings about what a call needs, while the function is silent. */
  async function prepare(before: 'nobody' | 'waiting' | 'ada', at: Place): Promise<string> {
    if (before === 'waiting') await signUp(server(), at, 'ada', { email })
    if (before === 'ada') await createUser(server(), at.UserPoolId, 'ada', verified)
    const token = before === 'ada' ? (await tokensOf(server(), at, 'ada')).AccessToken : ''
    await server().sent()
    server().functions.events()
    return token
  }

  describe('writes', () => {
    for (const [operation, [reason, before, call]] of Object.entries(calls)) {
      test(`what ${operation} sends`, async () => {
        const at = await another()
        await call(at, await prepare(before, at))
        const [event, ...others] = server().functions.events()
        assert.deepEqual(others, [])
        assert.equal(event?.triggerSource, `CustomMessage_${reason}`)
        assert.equal(event?.userName, 'ada')
        assert.equal(
          event?.callerContext.clientId,
          operation.startsWith('Admin') ? 'CLIENT_ID_NOT_APPLICABLE' : at.ClientId,
        )
        const invited = operation === 'AdminCreateUser'
        assert.deepEqual(
          { ...event?.request, userAttributes: undefined },
          {
            userAttributes: undefined,
            codeParameter: '{####}',
            linkParameter: '{##Click Here##}',
            usernameParameter: invited ? '{username}' : null,
          },
        )
        const [message, ...more] = await server().sent()
        assert.deepEqual(more, [])
        assert.equal(message?.subject, `CustomMessage_${reason}`)
        assert.equal(message?.body, `<b>${message?.code}</b> ${invited ? 'ada' : ''}`)
      })
    }

    test('the code of a sign-in, and is told of the attributes', async () => {
      const at = await another()
      await prepare('ada', at)
      await setLegacySms(server(), at.UserPoolId, 'ada')
      await signIn(server(), at, 'ada')
      const [event] = server().functions.events()
      const { attributes } = await showUser(server(), at, 'ada')
      assert.deepEqual(event?.request.userAttributes, { ...attributes, 'cognito:user_status': 'CONFIRMED' })
      const [message] = await server().sent()
      assert.equal(message?.body, `CustomMessage_Authentication: ${message?.code} `)
    })

    test('nothing where it says nothing: the pool’s own template stands', async () => {
      const at = await another({}, (event) => event)
      await signUp(server(), at, 'ada', { email })
      const [message] = await server().sent()
      assert.equal(message?.body, `Your verification code is ${message?.code}.`)
      assert.equal(message?.subject, 'Your verification code')
    })

    test('what ClientMetadata asks for', async () => {
      const at = await another()
      const ClientMetadata = { lang: 'de' }
      await server().client.send(
        new SignUpCommand({
          ClientId: at.ClientId,
          Username: 'ada',
          Password: password,
          UserAttributes: [{ Name: 'email', Value: email }],
          ClientMetadata,
        }),
      )
      const [event] = server().functions.events()
      assert.deepEqual(event?.request.clientMetadata, ClientMetadata)
    })

    test('to nobody whose name is taken', async () => {
      const at = await another()
      await signUp(server(), at, 'ada', { email })
      server().functions.events()
      await assert.rejects(signUp(server(), at, 'ada', { email }), { name: 'UsernameExistsException' })
      assert.deepEqual(sources(server()), [])
    })
  })

  describe('that goes wrong keeps the call from happening', () => {
    const unrecognizable = refusal('InvalidLambdaResponseException', 'Unrecognizable lambda output')
    const ways: [string, TestFunction, ReturnType<typeof refusal>][] = [
      [
        'an error of its own',
        () => {
          throw new Error('Out of words')
        },
        refusal('UserLambdaValidationException', 'CustomMessage failed with error Out of words.'),
      ],
      [
        'a function that cannot be run',
        () => {
          throw new TriggerUnreachable('AccessDeniedException')
        },
        refusal(
          'UnexpectedLambdaException',
          'CustomMessage invocation failed due to error AccessDeniedException.',
        ),
      ],
      [
        'a message without the code',
        (event) => ({ ...event, response: { emailMessage: 'Hello', smsMessage: 'Hello' } }),
        unrecognizable,
      ],
    ]
    for (const [way, broken, refuses] of ways) {
      for (const [operation, [, before, call]] of Object.entries(calls)) {
        test(`${operation}: ${way}`, async () => {
          const at = await another()
          const token = await prepare(before, at)
          const standing = before === 'nobody' ? undefined : await showUser(server(), at, 'ada')
          server().functions.define({ words: broken })
          await assert.rejects(call(at, token), refuses)
          assert.deepEqual(await server().sent(), [])
          if (standing === undefined)
            await assert.rejects(showUser(server(), at, 'ada'), { name: 'UserNotFoundException' })
          else {
            const { attributes, UserStatus } = await showUser(server(), at, 'ada')
            assert.deepEqual([attributes, UserStatus], [standing.attributes, standing.UserStatus])
          }
        })
      }
    }

    for (const [what, response] of [
      ['a mail that is too long', { emailMessage: `{####}${'x'.repeat(20_000)}` }],
      ['a subject that is too long', { emailMessage: '{####}', emailSubject: 'x'.repeat(141) }],
      ['a text that is none', { emailMessage: 7 }],
    ] as const) {
      test(what, async () => {
        const at = await another({}, (event) => ({ ...event, response }))
        await assert.rejects(signUp(server(), at, 'ada', { email }), unrecognizable)
      })
    }

    test('an SMS that is too long, and an invitation that names nobody', async () => {
      const at = await another({ AutoVerifiedAttributes: ['phone_number'] }, (event) => ({
        ...event,
        response: { smsMessage: `{####}${'x'.repeat(135)}` },
      }))
      await assert.rejects(signUp(server(), at, 'ada', { phone_number: phone }), unrecognizable)
      server().functions.define({
        words: (event) => ({ ...event, response: { smsMessage: 'Your password is {####}' } }),
      })
      await assert.rejects(
        server().client.send(
          new AdminCreateUserCommand({
            UserPoolId: at.UserPoolId,
            Username: 'ada',
            UserAttributes: [{ Name: 'phone_number', Value: phone }],
          }),
        ),
        unrecognizable,
      )
    })

    test('a mail in words of its own, where the pool sends from the service’s address', async () => {
      const at = await another()
      const { EmailConfiguration: _, ...without } = input
      await server().client.send(
        new UpdateUserPoolCommand({ UserPoolId: at.UserPoolId, ...without, MfaConfiguration: 'OFF' }),
      )
      await assert.rejects(signUp(server(), at, 'ada', { email }), unrecognizable)
    })
  })

  test('a sender of the pool’s own takes its place: it is told what was to be sent, and not asked for words', async () => {
    const kmsKey = 'arn:aws:kms:us-east-1:123456789012:key/a6c4f8e2-0c45-47db-925f-87854bc9e357'
    const at = await another({
      LambdaConfig: {
        ...input.LambdaConfig,
        CustomEmailSender: { LambdaArn: functionArnOf('sender'), LambdaVersion: 'V1_0' },
        KMSKeyID: kmsKey,
      },
    })
    await signUp(server(), at, 'ada', { email })
    assert.deepEqual(sources(server()), [])
    const [message] = await server().sent()
    const { attributes } = await showUser(server(), at, 'ada')
    assert.deepEqual(message?.sender, {
      source: 'CustomEmailSender_SignUp',
      username: 'ada',
      clientId: at.ClientId,
      userAttributes: { ...attributes, 'cognito:user_status': 'UNCONFIRMED' },
    })
  })
})
