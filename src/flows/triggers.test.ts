import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  InitiateAuthCommand,
  type LambdaConfigType,
  RespondToAuthChallengeCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { confirm, createPlace, otherThan, showUser, signUp } from '../../test/accounts.ts'
import { confirmedDevice, signInOn, tracking } from '../../test/devices.ts'
import { createUser, password } from '../../test/fixtures.ts'
import { onEachStore } from '../../test/harness.ts'
import { codeSent, respond, setLegacySms, start } from '../../test/sign-in.ts'
import { functionArnOf, type TestFunction } from '../../test/trigger-functions.ts'
import { pass, passwordFlows, placeWith, signIn, sources } from '../../test/triggered.ts'

/** The Lambda triggers of sign-up and sign-in: what functions are told, and in which order. */
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

    test('who signs up: first by what they say of themselves, then as the pool has them', async () => {
      const place = await at({ PreSignUp: pass, PostConfirmation: pass })
      const { ClientId, UserPoolId } = place
      await signUp(
        server(),
        place,
        'new',
        { email: 'new@example.com' },
        { ValidationData: [{ Name: 'invitation', Value: '42' }] },
      )
      await signUp(server(), place, 'newer', { email: 'newer@example.com' })
      const [first, second] = server().functions.events()
      assert.deepEqual(first, {
        version: '1',
        triggerSource: 'PreSignUp_SignUp',
        region: 'us-east-1',
        userPoolId: UserPoolId,
        userName: 'new',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: ClientId },
        request: { userAttributes: { email: 'new@example.com' }, validationData: { invitation: '42' } },
        response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
      })
      assert.deepEqual(second?.request, {
        userAttributes: { email: 'newer@example.com' },
        validationData: null,
      })
      const [message] = (await server().sent()).filter(({ to }) => to === 'new@example.com')
      await confirm(server(), place, 'new', message?.code ?? '')
      const [confirmed] = server().functions.events()
      const { attributes } = await showUser(server(), place, 'new')
      assert.equal(attributes.email_verified, 'true')
      assert.deepEqual(confirmed?.request, {
        userAttributes: { ...attributes, 'cognito:user_status': 'CONFIRMED' },
      })
    })

    test('whether a device is new', async () => {
      const place = await createPlace(
        server(),
        { ...tracking, LambdaConfig: { PostAuthentication: functionArnOf('after') } },
        { ExplicitAuthFlows: [...passwordFlows] },
      )
      server().functions.define({ after: pass })
      await createUser(server(), place.UserPoolId, 'ada')
      server().functions.events()
      const { device } = await confirmedDevice(server(), place, 'ada')
      await signInOn(server(), place, 'ada', device)
      assert.deepEqual(
        server()
          .functions.events()
          .map(({ request }) => request.newDeviceUsed),
        [true, false],
      )
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
