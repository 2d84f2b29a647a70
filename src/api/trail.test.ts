import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserSettingsCommand,
  type CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  CreateUserPoolClientCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
  SetUICustomizationCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { attributesIn, createClient, createPool, createUser, phone, signIn } from '../../test/fixtures.ts'
import { callRaw, onEachStore, sdkClient, startServer } from '../../test/harness.ts'
import { keptTrail, plain } from '../../test/trail.ts'
import { functionArnOf } from '../../test/trigger-functions.ts'
import { hidden, type TrailEvent } from '../domain/trail-event.ts'

const iam = {
  users: [
    {
      name: 'ada',
      path: '/staff/',
      policies: ['AmazonCognitoPowerUser'],
      accessKeys: [{ id: 'AKIAADA', secret: 's' }],
    },
    { name: 'bob', accessKeys: [{ id: 'AKIABOB', secret: 's' }] },
  ],
  roles: [
    {
      name: 'deployer',
      policies: ['AmazonCognitoPowerUser'],
      accessKeys: [{ id: 'ASIAROLE', secret: 's', sessionToken: 't', sessionName: 'monday' }],
    },
  ],
}

const root = {
  kind: 'principal',
  type: 'Account',
  arn: 'arn:aws:iam::123456789012:root',
  userId: '123456789012',
  accessKeyId: 'test',
}

describe('the trail of operations', () => {
  const trail = keptTrail()

  onEachStore(
    (server) => {
      let UserPoolId: string
      let ClientId: string
      let sub: string | undefined
      let common: object

      /** What was told: the user agent is the SDK's. */
      const told = () => plain(trail.told().map(withoutAgent))
      const operation = (name: string, readOnly: boolean, more: object) => ({
        kind: 'operation',
        operation: name,
        readOnly,
        response: null,
        ...common,
        ...more,
      })

      before(async () => {
        UserPoolId = await createPool(server())
        ;({ ClientId } = await createClient(server(), UserPoolId))
        await createUser(server(), UserPoolId, 'ada')
        const user = await server().client.send(new AdminGetUserCommand({ UserPoolId, Username: 'ada' }))
        sub = attributesIn(user.UserAttributes).sub
        common = {
          time: new Date(server().clock.now).toISOString(),
          accountId: '123456789012',
          region: 'us-east-1',
          source: { address: '127.0.0.1' },
        }
      })
      beforeEach(() => trail.told())

      const MFAOptions = [{ DeliveryMedium: 'SMS' as const, AttributeName: 'phone_number' }]
      const setSettings = (client: CognitoIdentityProviderClient, Username = 'ada') =>
        client.send(new AdminSetUserSettingsCommand({ UserPoolId, Username, MFAOptions }))
      const settings = (more: object) =>
        operation('AdminSetUserSettings', false, {
          request: {
            userPoolId: UserPoolId,
            username: hidden,
            mFAOptions: [{ deliveryMedium: 'SMS', attributeName: 'phone_number' }],
          },
          ...more,
        })

      test('tells who called: the root of the account', async () => {
        await setSettings(server().client)
        assert.deepEqual(told(), [settings({ who: root, poolId: UserPoolId, sub })])
      })

      test('a user of the account', async () => {
        await setSettings(server().as('AKIAADA', 's'))
        const [event] = told()
        assert.deepEqual(event, settings({ who: (event as TrailEvent).who, poolId: UserPoolId, sub }))
        const { userId, ...who } = (event as TrailEvent).who as { userId: string }
        assert.match(userId, /^AIDA[A-Z2-7]{17}$/)
        assert.deepEqual(who, {
          kind: 'principal',
          type: 'User',
          arn: 'arn:aws:iam::123456789012:user/staff/ada',
          username: 'ada',
          accessKeyId: 'AKIAADA',
        })
      })

      test('a role that somebody has assumed', async () => {
        const keys = { accessKeyId: 'ASIAROLE', secretAccessKey: 's', sessionToken: 't' }
        await setSettings(sdkClient(server().api, keys))
        const [event] = told()
        assert.deepEqual(event, settings({ who: (event as TrailEvent).who, poolId: UserPoolId, sub }))
        const { userId, ...who } = (event as TrailEvent).who as { userId: string }
        assert.match(userId, /^AROA[A-Z2-7]{17}:monday$/)
        assert.deepEqual(who, {
          kind: 'principal',
          type: 'AssumedRole',
          arn: 'arn:aws:sts::123456789012:assumed-role/deployer/monday',
          accessKeyId: 'ASIAROLE',
        })
      })

      test('who may not, and to what', async () => {
        await assert.rejects(setSettings(server().as('AKIABOB', 's')), { name: 'AccessDeniedException' })
        const [event] = told()
        const message = `User: arn:aws:iam::123456789012:user/bob is not authorized to perform: cognito-idp:AdminSetUserSettings on resource: arn:aws:cognito-idp:us-east-1:123456789012:userpool/${UserPoolId} because no identity-based policy allows the cognito-idp:AdminSetUserSettings action`
        // Nothing is looked up for them, so the pool is in the request alone.
        assert.deepEqual(
          event,
          settings({ who: (event as TrailEvent).who, error: { type: 'AccessDeniedException', message } }),
        )
        assert.equal(((event as TrailEvent).who as { username?: string }).username, 'bob')
      })

      test('nobody, whose signature is wrong', async () => {
        await assert.rejects(setSettings(server().as('AKIAADA', 'wrong')))
        const [event, ...others] = told() as [{ error: { type: string } }]
        assert.deepEqual(others, [])
        assert.deepEqual(event, settings({ who: { kind: 'nobody' }, error: event.error }))
        assert.equal(event.error.type, 'InvalidSignatureException')
      })

      test('what is wrong with a request, and none of its values', async () => {
        const right = setSettings(server().client, 'x'.repeat(129))
        await assert.rejects(right, { name: 'InvalidParameterException' })
        const message =
          "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have length less than or equal to 128"
        const error = { type: 'InvalidParameterException', message }
        assert.deepEqual(told(), [settings({ who: root, error })])

        // The service shows these two in its refusal.
        const wrong = { UserPoolTags: { a: 'b'.repeat(257) }, EmailVerificationSubject: '' }
        await assert.rejects(
          server().client.send(new UpdateUserPoolCommand({ UserPoolId, ...wrong })),
          /Value '' at 'emailVerificationSubject' .*Value '\{a=b{257}\}' at 'userPoolTags'/,
        )
        const [{ error: shown }] = told() as [{ error: { message: string } }]
        assert.match(
          shown.message,
          /^3 validation errors detected: (Value at 'emailVerificationSubject' [^']*; ){2}Value at 'userPoolTags' [^']*$/,
        )
      })

      test('a body that nobody can read', async () => {
        await callRaw(server(), 'GetUser', '{')
        const error = { type: 'SerializationException', message: '' }
        assert.deepEqual(told(), [
          operation('GetUser', true, { who: { kind: 'nobody' }, request: null, error }),
        ])
      })

      test('no operation that does not exist', async () => {
        assert.equal((await callRaw(server(), 'DropTables', '{}')).status, 400)
        assert.deepEqual(told(), [])
      })

      test('a user by their token', async () => {
        const { AuthenticationResult } = await signIn(server(), UserPoolId, ClientId, 'ada').then(
          async (step) => {
            // SMS MFA is on.
            assert.equal(step.ChallengeName, 'SMS_MFA')
            await server().client.send(
              new AdminSetUserSettingsCommand({ UserPoolId, Username: 'ada', MFAOptions: [] }),
            )
            return signIn(server(), UserPoolId, ClientId, 'ada')
          },
        )
        trail.told()
        await server().client.send(new GetUserCommand({ AccessToken: AuthenticationResult?.AccessToken }))
        const by = { who: { kind: 'user', sub }, poolId: UserPoolId, clientId: ClientId, sub }
        assert.deepEqual(told(), [operation('GetUser', true, { request: { accessToken: hidden }, ...by })])

        await assert.rejects(server().client.send(new GetUserCommand({ AccessToken: 'a.b.c' })))
        const error = { type: 'NotAuthorizedException', message: 'Invalid Access Token' }
        assert.deepEqual(told(), [
          operation('GetUser', true, { who: { kind: 'nobody' }, request: { accessToken: hidden }, error }),
        ])

        const { RefreshToken } = AuthenticationResult ?? {}
        const AuthParameters = { REFRESH_TOKEN: RefreshToken ?? '' }
        await server().client.send(
          new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters }),
        )
        const byClient = {
          who: { kind: 'client', clientId: ClientId },
          poolId: UserPoolId,
          clientId: ClientId,
        }
        assert.deepEqual(told(), [
          operation('InitiateAuth', false, {
            ...byClient,
            sub,
            request: { authFlow: 'REFRESH_TOKEN_AUTH', authParameters: hidden, clientId: ClientId },
            response: {
              authenticationResult: {
                accessToken: hidden,
                expiresIn: 3600,
                tokenType: 'Bearer',
                idToken: hidden,
              },
              challengeParameters: hidden,
            },
          }),
        ])
        await server().client.send(new RevokeTokenCommand({ ClientId, Token: RefreshToken }))
        assert.deepEqual(told(), [
          operation('RevokeToken', false, { ...byClient, request: { clientId: ClientId, token: hidden } }),
        ])
      })

      test('of a sign-up the client, and whose it is', async () => {
        const Username = 'grace'
        const Password = 'Correct-horse-9'
        const UserAttributes = [{ Name: 'phone_number', Value: phone }]
        const pool = await createPool(server(), { AutoVerifiedAttributes: ['phone_number'] })
        const { ClientId } = await createClient(server(), pool)
        trail.told()
        const { UserSub: sub } = await server().client.send(
          new SignUpCommand({ ClientId, Username, Password, UserAttributes, ClientMetadata: { a: 'b' } }),
        )
        const by = { who: { kind: 'client', clientId: ClientId }, poolId: pool, clientId: ClientId, sub }
        assert.deepEqual(told(), [
          operation('SignUp', false, {
            ...by,
            request: {
              clientId: ClientId,
              username: hidden,
              password: hidden,
              userAttributes: hidden,
              clientMetadata: hidden,
            },
            response: {
              userConfirmed: false,
              codeDeliveryDetails: {
                destination: hidden,
                deliveryMedium: 'SMS',
                attributeName: 'phone_number',
              },
              userSub: sub,
            },
          }),
        ])
        const sent = (await server().sent()).at(-1)
        const request = { clientId: ClientId, username: hidden, confirmationCode: hidden }
        const confirm = (ConfirmationCode: string) =>
          server().client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }))
        await assert.rejects(confirm('zzzzzz'))
        await confirm(sent?.code ?? '')
        const message = 'Invalid verification code provided, please try again.'
        assert.deepEqual(told(), [
          operation('ConfirmSignUp', false, {
            ...by,
            request,
            error: { type: 'CodeMismatchException', message },
          }),
          operation('ConfirmSignUp', false, { ...by, request }),
        ])
      })

      test('what was made, without its secret', async () => {
        await server().client.send(
          new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'web', GenerateSecret: true }),
        )
        const [event] = trail.told()
        assert.ok(event?.kind === 'operation')
        assert.deepEqual(event.request, { userPoolId: UserPoolId, clientName: 'web', generateSecret: true })
        const { userPoolClient } = event.response as { userPoolClient: Record<string, unknown> }
        const { clientId, clientName, clientSecret } = userPoolClient
        assert.match(String(clientId), /^[0-9a-z]{26}$/)
        assert.deepEqual({ clientName, clientSecret }, { clientName: 'web', clientSecret: hidden })
      })

      test('a user who was made, by their sub', async () => {
        const { User } = await server().client.send(
          new AdminCreateUserCommand({ UserPoolId, Username: 'alan', MessageAction: 'SUPPRESS' }),
        )
        const [event] = trail.told()
        assert.ok(event?.kind === 'operation')
        assert.equal(event.sub, attributesIn(User?.Attributes).sub)
      })

      test('nothing of what a function says', async () => {
        const LambdaConfig = { PreSignUp: functionArnOf('refuse') }
        const pool = await createPool(server(), { LambdaConfig })
        server().functions.define({
          refuse: () => {
            throw new Error('ada@example.com is not welcome')
          },
        })
        trail.told()
        const create = new AdminCreateUserCommand({ UserPoolId: pool, Username: 'ada@example.com' })
        await assert.rejects(server().client.send(create), /ada@example\.com is not welcome/)
        assert.deepEqual(told(), [
          operation('AdminCreateUser', false, {
            who: root,
            poolId: pool,
            request: { userPoolId: pool, username: hidden },
            error: { type: 'UserLambdaValidationException', message: hidden },
          }),
        ])
      })

      test('that parameters were too large', async () => {
        const CSS = `.label-customizable {${' '.repeat(110_000)}}`
        await assert.rejects(server().client.send(new SetUICustomizationCommand({ UserPoolId, CSS })))
        const [event] = trail.told()
        assert.ok(event?.kind === 'operation')
        const { originalSize, ...request } = event.request as { originalSize: number }
        assert.deepEqual(request, { reason: 'requestParameters too large', omitted: true })
        assert.ok(originalSize > 110_000 && originalSize < 110_200)
      })

      test('a pool that is gone', async () => {
        const pool = await createPool(server())
        trail.told()
        await server().client.send(new DeleteUserPoolCommand({ UserPoolId: pool }))
        const request = { userPoolId: pool }
        assert.deepEqual(told(), [operation('DeleteUserPool', false, { who: root, poolId: pool, request })])
      })
    },
    { iam, trail },
  )
})

test('what is refused for the rate is in the trail', async () => {
  const trail = keptTrail()
  const server = await startServer({ site: { throttle: 'on' }, trail })
  try {
    const UserPoolId = await createPool(server)
    trail.told()
    const describing = () => server.client.send(new DescribeUserPoolCommand({ UserPoolId }))
    const answers = await Promise.allSettled(Array.from({ length: 40 }, describing))
    const refused = answers.filter(({ status }) => status === 'rejected').length
    const told = trail.told()
    assert.equal(told.length, 40)
    const errors = told.flatMap((event) => (event.kind === 'operation' && event.error ? [event] : []))
    assert.ok(refused > 0 && errors.length === refused)
    for (const { error, poolId } of errors) {
      assert.deepEqual(error, { type: 'TooManyRequestsException', message: 'Too many requests' })
      assert.equal(poolId, UserPoolId)
    }
  } finally {
    await server.stop()
  }
})

/** The SDK calls itself something else in every version. */
function withoutAgent(event: TrailEvent): TrailEvent {
  const { userAgent, ...source } = event.source
  if (userAgent !== undefined) assert.match(userAgent, /^aws-sdk-js\//)
  return { ...event, source }
}
