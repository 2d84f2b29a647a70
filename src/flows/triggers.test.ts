import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminListUserSessionsCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  type LambdaConfigType,
  RespondToAuthChallengeCommand,
  SetUserPoolSessionConfigurationCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { confirm, otherThan, type Place, showUser, signUp } from '../../test/accounts.ts'
import { createUser, password, refusal } from '../../test/fixtures.ts'
import { onEachStore } from '../../test/harness.ts'
import { codeSent, respond, setLegacySms, start } from '../../test/sign-in.ts'
import type { TestFunction } from '../../test/trigger-functions.ts'
import { pass, passwordFlows, placeWith, signIn, sources } from '../../test/triggered.ts'
import { TriggerUnreachable } from '../ports/trigger-runner.ts'

/** The Lambda triggers of sign-up and sign-in: what functions are told, in which order, and what becomes of a refusal. */
onEachStore((server) => {
  const at = (functions: Readonly<Record<string, TestFunction>>, config?: LambdaConfigType) =>
    placeWith(server(), functions, config)
  describe('run in order', () => {
    test('at a sign-in with a second factor, those after it once it is answered', async () => {
      const place = await at({ PreAuthentication: pass, PostAuthentication: pass, PreTokenGeneration: pass })
      await createUser(server(), place.UserPoolId, 'ada')
      await setLegacySms(server(), place.UserPoolId, 'ada')
      const { Session } = await signIn(server(), place, 'ada')
      assert.deepEqual(sources(server()), ['PreAuthentication_Authentication'])
      const SMS_MFA_CODE = await codeSent(server())
      const answer = (code: string) =>
        respond(server(), 'RespondToAuthChallenge', place, 'SMS_MFA', Session, {
          USERNAME: 'ada',
          SMS_MFA_CODE: code,
        })
      await assert.rejects(answer(otherThan(SMS_MFA_CODE)), { name: 'CodeMismatchException' })
      assert.deepEqual(sources(server()), [])
      const { AuthenticationResult } = await answer(SMS_MFA_CODE)
      assert.deepEqual(sources(server()), [
        'PostAuthentication_Authentication',
        'TokenGeneration_Authentication',
      ])
      await start(
        server(),
        'InitiateAuth',
        place,
        { REFRESH_TOKEN: AuthenticationResult?.RefreshToken ?? '' },
        'REFRESH_TOKEN_AUTH',
      )
      assert.deepEqual(sources(server()), ['TokenGeneration_RefreshTokens'])
    })

    test('at a sign-up, its confirmation and a new password', async () => {
      const place = await at({ PreSignUp: pass, PostConfirmation: pass })
      await signUp(server(), place, 'grace', { email: 'grace@example.com' })
      assert.deepEqual(sources(server()), ['PreSignUp_SignUp'])
      await confirm(server(), place, 'grace', await codeSent(server()))
      assert.deepEqual(sources(server()), ['PostConfirmation_ConfirmSignUp'])
      await server().client.send(new ForgotPasswordCommand({ ClientId: place.ClientId, Username: 'grace' }))
      const ConfirmationCode = await codeSent(server())
      assert.deepEqual(sources(server()), [])
      await server().client.send(
        new ConfirmForgotPasswordCommand({
          ClientId: place.ClientId,
          Username: 'grace',
          ConfirmationCode,
          Password: password,
        }),
      )
      assert.deepEqual(sources(server()), ['PostConfirmation_ConfirmForgotPassword'])
    })

    test('a temporary password that is replaced has a source of its own', async () => {
      const place = await at({ PreTokenGeneration: pass })
      await server().client.send(
        new AdminCreateUserCommand({
          UserPoolId: place.UserPoolId,
          Username: 'fresh',
          TemporaryPassword: password,
          MessageAction: 'SUPPRESS',
        }),
      )
      const { Session } = await signIn(server(), place, 'fresh')
      await respond(server(), 'RespondToAuthChallenge', place, 'NEW_PASSWORD_REQUIRED', Session, {
        USERNAME: 'fresh',
        NEW_PASSWORD: `${password}!`,
      })
      assert.deepEqual(sources(server()), ['TokenGeneration_NewPasswordChallenge'])
    })
  })

  describe('are told', () => {
    test('who signs in, and what the client sent along: each call its own', async () => {
      const place = await at({ PreAuthentication: pass, PostAuthentication: pass, PreTokenGeneration: pass })
      await createUser(server(), place.UserPoolId, 'told')
      await setLegacySms(server(), place.UserPoolId, 'told')
      const { ClientId, UserPoolId } = place
      const { Session } = await server().client.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'told', PASSWORD: password },
          ClientMetadata: { from: 'start' },
        }),
      )
      const [before] = server().functions.events()
      const { attributes } = await showUser(server(), place, 'told')
      const userAttributes = { ...attributes, 'cognito:user_status': 'CONFIRMED' }
      assert.deepEqual(before, {
        version: '1',
        triggerSource: 'PreAuthentication_Authentication',
        region: 'us-east-1',
        userPoolId: UserPoolId,
        userName: 'told',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: ClientId },
        request: { userAttributes, validationData: { from: 'start' } },
        response: {},
      })
      await server().client.send(
        new RespondToAuthChallengeCommand({
          ClientId,
          ChallengeName: 'SMS_MFA',
          Session,
          ChallengeResponses: { USERNAME: 'told', SMS_MFA_CODE: await codeSent(server()) },
          ClientMetadata: { from: 'answer' },
        }),
      )
      const [after, tokens] = server().functions.events()
      // The answered code has verified the phone number.
      const verified = { ...userAttributes, phone_number_verified: 'true' }
      assert.deepEqual(after?.request, {
        userAttributes: verified,
        newDeviceUsed: false,
        clientMetadata: { from: 'answer' },
      })
      assert.deepEqual(tokens?.request, {
        userAttributes: verified,
        groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
        clientMetadata: { from: 'answer' },
      })
    })

    test('of somebody unknown only where the client hides who exists', async () => {
      const place = await at({ PreAuthentication: pass })
      await assert.rejects(signIn(server(), place, 'nobody'), { name: 'UserNotFoundException' })
      assert.deepEqual(sources(server()), [])
      await server().client.send(
        new UpdateUserPoolClientCommand({
          UserPoolId: place.UserPoolId,
          ClientId: place.ClientId,
          ExplicitAuthFlows: [...passwordFlows],
          PreventUserExistenceErrors: 'ENABLED',
        }),
      )
      await assert.rejects(signIn(server(), place, 'nobody'), { name: 'NotAuthorizedException' })
      const [event] = server().functions.events()
      assert.equal(event?.userName, 'nobody')
      assert.deepEqual(event?.request, { userAttributes: {}, validationData: {}, userNotFound: true })
    })

    test('of a user whom an administrator creates or confirms, without a client', async () => {
      const place = await at({ PreSignUp: pass, PostConfirmation: pass })
      await server().client.send(
        new AdminCreateUserCommand({
          UserPoolId: place.UserPoolId,
          Username: 'invited',
          UserAttributes: [{ Name: 'email', Value: 'invited@example.com' }],
          ValidationData: [{ Name: 'why', Value: 'because' }],
          ClientMetadata: { from: 'administrator' },
          MessageAction: 'SUPPRESS',
        }),
      )
      const [created] = server().functions.events()
      assert.equal(created?.triggerSource, 'PreSignUp_AdminCreateUser')
      assert.equal(created?.callerContext.clientId, 'CLIENT_ID_NOT_APPLICABLE')
      assert.deepEqual(created?.request, {
        userAttributes: { email: 'invited@example.com' },
        validationData: { why: 'because' },
        clientMetadata: { from: 'administrator' },
      })
      await signUp(server(), place, 'waiting')
      await server().client.send(
        new AdminConfirmSignUpCommand({ UserPoolId: place.UserPoolId, Username: 'waiting' }),
      )
      const [, confirmed] = server().functions.events()
      assert.equal(confirmed?.triggerSource, 'PostConfirmation_ConfirmSignUp')
      assert.equal(confirmed?.callerContext.clientId, 'CLIENT_ID_NOT_APPLICABLE')
    })
  })

  describe('that refuse', () => {
    /** Each operation, the trigger that it runs, and how it is called once that trigger has gone wrong. */
    const refused = new Map<string, [trigger: string, call: (place: Place) => Promise<unknown>]>([
      ['InitiateAuth', ['PreAuthentication', (place) => signIn(server(), place, 'known')]],
      [
        'AdminInitiateAuth',
        ['PostAuthentication', (place) => signIn(server(), place, 'known', 'AdminInitiateAuth')],
      ],
      ['SignUp', ['PreSignUp', (place) => signUp(server(), place, 'newcomer')]],
      [
        'AdminCreateUser',
        [
          'PreSignUp',
          ({ UserPoolId }) =>
            server().client.send(
              new AdminCreateUserCommand({ UserPoolId, Username: 'newcomer', MessageAction: 'SUPPRESS' }),
            ),
        ],
      ],
    ])
    const ways: [string, TestFunction, (trigger: string) => ReturnType<typeof refusal>][] = [
      [
        'by an error of their own',
        () => {
          throw new Error('No entry…')
        },
        (trigger) => refusal('UserLambdaValidationException', `${trigger} failed with error No entry….`),
      ],
      [
        'by an answer that is no answer',
        () => ({ response: 'yes' }),
        () => refusal('InvalidLambdaResponseException', 'Unrecognizable lambda output'),
      ],
      [
        'because they cannot be run',
        () => {
          throw new TriggerUnreachable('AccessDeniedException')
        },
        (trigger) =>
          refusal(
            'UnexpectedLambdaException',
            `${trigger} invocation failed due to error AccessDeniedException.`,
          ),
      ],
    ]
    for (const [way, broken, expected] of ways) {
      for (const [operation, [trigger, call]] of refused) {
        test(`${operation}: ${trigger}, ${way}`, async () => {
          const place = await at({ [trigger]: pass })
          await createUser(server(), place.UserPoolId, 'known')
          server().functions.define({ [trigger]: broken })
          await assert.rejects(call(place), expected(trigger))
          await assert.rejects(showUser(server(), place, 'newcomer'), { name: 'UserNotFoundException' })
        })
      }

      for (const operation of ['RespondToAuthChallenge', 'AdminRespondToAuthChallenge'] as const) {
        test(`${operation}: PostAuthentication, ${way}; the code is used up and nobody is signed in`, async () => {
          const place = await at({ PostAuthentication: pass })
          await createUser(server(), place.UserPoolId, 'known')
          await setLegacySms(server(), place.UserPoolId, 'known')
          const { Session } = await signIn(server(), place, 'known')
          const responses = { USERNAME: 'known', SMS_MFA_CODE: await codeSent(server()) }
          const answer = () => respond(server(), operation, place, 'SMS_MFA', Session, responses)
          server().functions.define({ PostAuthentication: broken })
          await assert.rejects(answer(), expected('PostAuthentication'))
          server().functions.define({ PostAuthentication: pass })
          await assert.rejects(answer(), {
            message: 'Invalid session for the user, session can only be used once.',
          })
        })
      }

      test(`ConfirmSignUp, AdminConfirmSignUp, ConfirmForgotPassword: PostConfirmation, ${way}; what is done stays done`, async () => {
        const place = await at({ PostConfirmation: broken })
        const { ClientId, UserPoolId } = place
        const refuses = expected('PostConfirmation')
        await signUp(server(), place, 'one', { email: 'one@example.com' })
        await assert.rejects(confirm(server(), place, 'one', await codeSent(server())), refuses)
        await signUp(server(), place, 'two')
        await assert.rejects(
          server().client.send(new AdminConfirmSignUpCommand({ UserPoolId, Username: 'two' })),
          refuses,
        )
        await server().client.send(new ForgotPasswordCommand({ ClientId, Username: 'one' }))
        const ConfirmationCode = await codeSent(server())
        const Password = `${password}!`
        await assert.rejects(
          server().client.send(
            new ConfirmForgotPasswordCommand({ ClientId, Username: 'one', ConfirmationCode, Password }),
          ),
          refuses,
        )
        for (const name of ['one', 'two'])
          assert.equal((await showUser(server(), place, name)).UserStatus, 'CONFIRMED')
        const { AuthenticationResult } = await start(server(), 'InitiateAuth', place, {
          USERNAME: 'one',
          PASSWORD: Password,
        })
        assert.ok(AuthenticationResult)
      })

      test(`GetTokensFromRefreshToken: PreTokenGeneration, ${way}`, async () => {
        const place = await at({ PreTokenGeneration: pass })
        await createUser(server(), place.UserPoolId, 'known')
        const { AuthenticationResult } = await signIn(server(), place, 'known')
        server().functions.define({ PreTokenGeneration: broken })
        const RefreshToken = AuthenticationResult?.RefreshToken
        await assert.rejects(
          server().client.send(
            new GetTokensFromRefreshTokenCommand({ ClientId: place.ClientId, RefreshToken }),
          ),
          expected('PreTokenGeneration'),
        )
      })
    }

    test('a sign-in that PostAuthentication keeps the tokens from leaves no session behind', async () => {
      const place = await at({ PostAuthentication: pass })
      const { UserPoolId } = place
      await server().client.send(
        new SetUserPoolSessionConfigurationCommand({
          UserPoolId,
          UserSessionTracking: 'ENABLED',
          TokenSession: { MaxPerUser: 5 },
        }),
      )
      await createUser(server(), UserPoolId, 'known')
      const sessions = async () => {
        const { Sessions } = await server().client.send(
          new AdminListUserSessionsCommand({ UserPoolId, Username: 'known' }),
        )
        return Sessions?.length
      }
      await signIn(server(), place, 'known')
      assert.equal(await sessions(), 1)
      server().functions.define({
        PostAuthentication() {
          throw new Error('Closed')
        },
      })
      await assert.rejects(signIn(server(), place, 'known'), { name: 'UserLambdaValidationException' })
      assert.equal(await sessions(), 1)
    })

    test('a trigger that is taken away is not run any more', async () => {
      const place = await at({
        PreAuthentication() {
          throw new Error('Closed')
        },
      })
      await createUser(server(), place.UserPoolId, 'known')
      await assert.rejects(signIn(server(), place, 'known'), { name: 'UserLambdaValidationException' })
      await server().client.send(
        new UpdateUserPoolCommand({
          UserPoolId: place.UserPoolId,
          LambdaConfig: {},
          MfaConfiguration: 'OFF',
        }),
      )
      assert.ok((await signIn(server(), place, 'known')).AuthenticationResult)
    })
  })
})
