import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  GetTokensFromRefreshTokenCommand,
  type LambdaConfigType,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createPlace, showUser, signUp } from '../../test/accounts.ts'
import { createUser, refusal } from '../../test/fixtures.ts'
import { onEachStore } from '../../test/harness.ts'
import { claimsOf, start } from '../../test/sign-in.ts'
import { functionArnOf, type TestFunction } from '../../test/trigger-functions.ts'
import { pass, placeWith, signIn, sources } from '../../test/triggered.ts'

/** What the answers of PreSignUp and PreTokenGeneration do. */
onEachStore((server) => {
  const at = (functions: Readonly<Record<string, TestFunction>>, config?: LambdaConfigType) =>
    placeWith(server(), functions, config)
  describe('PreSignUp', () => {
    const vouching =
      (response: object): TestFunction =>
      (event) => ({ ...event, response })

    test('confirms at once, vouches for addresses, and is followed by PostConfirmation', async () => {
      const autoConfirm = vouching({ autoConfirmUser: true, autoVerifyEmail: true, autoVerifyPhone: true })
      const place = await at({ PreSignUp: autoConfirm, PostConfirmation: pass })
      const answer = await signUp(server(), place, 'instant', {
        email: 'instant@example.com',
        phone_number: '+15555550199',
      })
      assert.equal(answer.UserConfirmed, true)
      assert.equal(answer.CodeDeliveryDetails, undefined)
      assert.deepEqual(await server().sent(), [])
      assert.deepEqual(sources(server()), ['PreSignUp_SignUp', 'PostConfirmation_ConfirmSignUp'])
      const user = await showUser(server(), place, 'instant')
      assert.equal(user.UserStatus, 'CONFIRMED')
      assert.equal(user.attributes.email_verified, 'true')
      assert.equal(user.attributes.phone_number_verified, 'true')
      assert.ok((await signIn(server(), place, 'instant')).AuthenticationResult)
    })

    for (const [flag, attributes] of [
      ['autoVerifyPhone', { email: 'ada@example.com' }],
      ['autoVerifyEmail', { phone_number: '+15555550199' }],
    ] as const) {
      test(`an address that is not there cannot be vouched for: ${flag}`, async () => {
        const place = await at({ PreSignUp: vouching({ autoConfirmUser: true, [flag]: true }) })
        await assert.rejects(
          signUp(server(), place, 'unreachable', attributes),
          refusal('InvalidLambdaResponseException', 'Unrecognizable lambda output'),
        )
        await assert.rejects(showUser(server(), place, 'unreachable'), { name: 'UserNotFoundException' })
      })
    }

    test('an address that is an alias of somebody else moves to whom it vouches for', async () => {
      const functions = { PreSignUp: vouching({ autoConfirmUser: true, autoVerifyEmail: true }) }
      const place = await createPlace(server(), {
        AliasAttributes: ['email'],
        LambdaConfig: { PreSignUp: functionArnOf('PreSignUp') },
      })
      server().functions.define(functions)
      const email = 'shared@example.com'
      for (const name of ['first', 'second']) await signUp(server(), place, name, { email })
      assert.equal((await showUser(server(), place, 'first')).attributes.email_verified, 'false')
      assert.equal((await showUser(server(), place, email)).Username, 'second')
    })

    test('what it says of a user whom an administrator creates changes nothing', async () => {
      const place = await at({ PreSignUp: vouching({ autoConfirmUser: true, autoVerifyEmail: true }) })
      const Username = 'ordered'
      const { UserPoolId } = place
      await server().client.send(
        new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }),
      )
      assert.equal((await showUser(server(), place, Username)).UserStatus, 'FORCE_CHANGE_PASSWORD')
    })
  })

  describe('PreTokenGeneration', () => {
    async function tokensWith(version: 'V1_0' | 'V2_0' | 'V3_0', response: object) {
      const LambdaConfig = {
        PreTokenGenerationConfig: { LambdaVersion: version, LambdaArn: functionArnOf('tokens') },
      }
      const place = await at({ tokens: (event) => ({ ...event, response }) }, LambdaConfig)
      await createUser(server(), place.UserPoolId, 'holder')
      const { AuthenticationResult } = await signIn(server(), place, 'holder')
      const [event] = server().functions.events()
      const id = claimsOf(AuthenticationResult?.IdToken)
      const access = claimsOf(AuthenticationResult?.AccessToken)
      return { event, id, access, place, refresh: AuthenticationResult?.RefreshToken }
    }
    const groupOverrideDetails = {
      groupsToOverride: ['admins'],
      iamRolesToOverride: ['arn:aws:iam::123456789012:role/admin'],
      preferredRole: 'arn:aws:iam::123456789012:role/admin',
    }

    test('version 1 changes the ID token, and groups in both', async () => {
      const { event, id, access } = await tokensWith('V1_0', {
        claimsOverrideDetails: {
          claimsToAddOrOverride: { tenant: 'blue', sub: 'somebody else', email: 'new@example.com' },
          claimsToSuppress: ['phone_number', 'iss'],
          groupOverrideDetails,
        },
      })
      assert.equal(event?.version, '1')
      assert.equal(event?.request.scopes, undefined)
      assert.equal(id.tenant, 'blue')
      assert.equal(id.email, 'new@example.com')
      assert.equal(id.phone_number, undefined)
      assert.notEqual(id.sub, 'somebody else')
      assert.ok(id.iss)
      assert.deepEqual(id['cognito:groups'], ['admins'])
      assert.deepEqual(id['cognito:roles'], groupOverrideDetails.iamRolesToOverride)
      assert.equal(id['cognito:preferred_role'], groupOverrideDetails.preferredRole)
      assert.deepEqual(access['cognito:groups'], ['admins'])
      assert.equal(access.tenant, undefined)
    })

    for (const version of ['V2_0', 'V3_0'] as const) {
      test(`version ${version} changes both tokens and the scopes, at a refresh as well`, async () => {
        const { event, id, access, place, refresh } = await tokensWith(version, {
          claimsAndScopeOverrideDetails: {
            idTokenGeneration: {
              claimsToAddOrOverride: { list: [1, { a: true }] },
              claimsToSuppress: ['email'],
            },
            accessTokenGeneration: {
              claimsToAddOrOverride: { tenant: 'blue', aud: 'other', username: 'x', scope: 'all' },
              claimsToSuppress: ['token_use'],
              scopesToAdd: ['tenant/blue'],
              scopesToSuppress: ['aws.cognito.signin.user.admin'],
            },
          },
        })
        assert.equal(event?.version, version.slice(1, 2))
        assert.deepEqual(event?.request.scopes, ['aws.cognito.signin.user.admin'])
        assert.deepEqual(id.list, [1, { a: true }])
        assert.equal(id.email, undefined)
        assert.equal(access.tenant, 'blue')
        assert.equal(access.aud, undefined)
        assert.equal(access.username, 'holder')
        assert.equal(access.token_use, 'access')
        assert.equal(access.scope, 'tenant/blue')
        const { AuthenticationResult } = await start(
          server(),
          'InitiateAuth',
          place,
          { REFRESH_TOKEN: refresh ?? '' },
          'REFRESH_TOKEN_AUTH',
        )
        assert.equal(claimsOf(AuthenticationResult?.AccessToken).tenant, 'blue')
      })
    }

    test('an answer without overrides changes nothing; a value that is no text is none of version 1', async () => {
      const { id } = await tokensWith('V1_0', {})
      assert.equal(id['cognito:username'], 'holder')
      await assert.rejects(
        tokensWith('V1_0', { claimsOverrideDetails: { claimsToAddOrOverride: { level: 7 } } }),
        refusal('InvalidLambdaResponseException', 'Unrecognizable lambda output'),
      )
    })

    test('a refresh token is not used up by a refusal', async () => {
      let refuse = false
      const place = await at({
        PreTokenGeneration(event) {
          if (refuse) throw new Error('Not today')
          return event
        },
      })
      const RefreshTokenRotation = { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 } as const
      await server().client.send(
        new UpdateUserPoolClientCommand({
          UserPoolId: place.UserPoolId,
          ClientId: place.ClientId,
          ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
          RefreshTokenRotation,
        }),
      )
      await createUser(server(), place.UserPoolId, 'rotating')
      const { AuthenticationResult } = await signIn(server(), place, 'rotating')
      const renew = () =>
        server().client.send(
          new GetTokensFromRefreshTokenCommand({
            ClientId: place.ClientId,
            RefreshToken: AuthenticationResult?.RefreshToken,
          }),
        )
      refuse = true
      await assert.rejects(
        renew(),
        refusal('UserLambdaValidationException', 'PreTokenGeneration failed with error Not today.'),
      )
      refuse = false
      assert.ok((await renew()).AuthenticationResult?.RefreshToken)
    })
  })
})
