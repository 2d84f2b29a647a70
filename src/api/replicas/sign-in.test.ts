/** What users do through a secondary, and what they cannot. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminCreateUserCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  accessTokenOf,
  appCode,
  claimsOf,
  createFactorPool,
  enrolApp,
  nextStep,
  type Place,
  respond,
  setUpApp,
  smsFactor,
  startByPassword,
  tokenFactor,
} from '../../../test/factors.ts'
import {
  createClient,
  createUser,
  password,
  phone,
  refusal,
  smsConfiguration,
} from '../../../test/fixtures.ts'
import { onEachStore, type TestServer } from '../../../test/harness.ts'
import { invalid, lambda } from '../../../test/pools.ts'
import {
  createReplicated,
  inRegion,
  notThere,
  replicable,
  replicate,
  setStatus,
  there,
} from '../../../test/replicas.ts'

const incorrect = refusal('NotAuthorizedException', 'Incorrect username or password.')
const locked = refusal('NotAuthorizedException', 'Password attempts exceeded')

describe('sign-in through a secondary', () => {
  onEachStore((server) => {
    /** The server as who calls the other region meets it. */
    const west = (): TestServer => ({ ...server(), client: inRegion(server()) })
    const east = (): TestServer => ({ ...server(), client: inRegion(server(), 'us-east-1') })
    const tokensOf = async (at: TestServer, place: Place, name: string) =>
      (await startByPassword(at, place, name)).AuthenticationResult ?? assert.fail()

    let place: Place
    before(async () => {
      const UserPoolId = await createReplicated(server())
      place = { UserPoolId, ...(await createClient(server(), UserPoolId)) }
      await createUser(server(), UserPoolId, 'ada')
    })

    test('either region knows the tokens of the other, and what one revokes is revoked in both', async () => {
      for (const [one, other] of [
        [east(), west()],
        [west(), east()],
      ] as const) {
        const { AccessToken, RefreshToken } = await tokensOf(one, place, 'ada')
        const look = () => other.client.send(new GetUserCommand({ AccessToken }))
        assert.equal((await look()).Username, 'ada')
        const { ClientId } = place
        const refreshed = await other.client.send(
          new InitiateAuthCommand({
            ClientId,
            AuthFlow: 'REFRESH_TOKEN_AUTH',
            AuthParameters: { REFRESH_TOKEN: RefreshToken ?? '' },
          }),
        )
        assert.ok(refreshed.AuthenticationResult?.AccessToken)
        await other.client.send(new RevokeTokenCommand({ Token: RefreshToken, ClientId }))
        const revoked = refusal('NotAuthorizedException', 'Access Token has been revoked')
        await assert.rejects(one.client.send(new GetUserCommand({ AccessToken })), revoked)
        await assert.rejects(
          one.client.send(new GetTokensFromRefreshTokenCommand({ RefreshToken, ClientId })),
          refusal('NotAuthorizedException', 'Refresh Token has been revoked'),
        )
      }
    })

    test('a third region knows nothing of it', async () => {
      const { AccessToken } = await tokensOf(east(), place, 'ada')
      const third = { ...server(), client: inRegion(server(), 'eu-west-1') }
      await assert.rejects(
        startByPassword(third, place, 'ada'),
        refusal('ResourceNotFoundException', `User pool client ${place.ClientId} does not exist.`),
      )
      await assert.rejects(
        third.client.send(new GetUserCommand({ AccessToken })),
        refusal('NotAuthorizedException', 'Invalid Access Token'),
      )
    })

    test('a host that names no region leads to the primary', async () => {
      await setStatus(server(), place.UserPoolId, 'INACTIVE')
      assert.ok((await tokensOf(server(), place, 'ada')).AccessToken)
      await assert.rejects(startByPassword(west(), place, 'ada'), notThere)
      await setStatus(server(), place.UserPoolId, 'ACTIVE')
    })

    test('wrong passwords lock in their own region alone, and the right one clears them there', async () => {
      for (const [one, other] of [
        [east(), west()],
        [west(), east()],
      ] as const) {
        const wrong = () => startByPassword(one, place, 'ada', 'public', 'Wrong-horse-9')
        for (let failure = 1; failure <= 5; failure += 1) await assert.rejects(wrong(), incorrect)
        await assert.rejects(startByPassword(one, place, 'ada'), locked)
        assert.ok((await tokensOf(other, place, 'ada')).AccessToken)
        await assert.rejects(startByPassword(one, place, 'ada'), locked)
        server().clock.now += 1000
        assert.ok((await tokensOf(one, place, 'ada')).AccessToken)
        for (let failure = 1; failure <= 4; failure += 1) await assert.rejects(wrong(), incorrect)
        assert.ok((await tokensOf(one, place, 'ada')).AccessToken)
      }
    })

    test('a name that nobody has locks there like any other', async () => {
      const hiding = await createClient(server(), place.UserPoolId, {
        PreventUserExistenceErrors: 'ENABLED',
      })
      const attempt = (at: TestServer) => startByPassword(at, { ...place, ...hiding }, 'nobody')
      for (let failure = 1; failure <= 5; failure += 1) await assert.rejects(attempt(west()), incorrect)
      await assert.rejects(attempt(west()), locked)
      await assert.rejects(attempt(east()), incorrect)
    })

    test('nobody sets a new password', async () => {
      await server().client.send(
        new AdminCreateUserCommand({
          UserPoolId: place.UserPoolId,
          Username: 'fresh',
          TemporaryPassword: password,
          MessageAction: 'SUPPRESS',
        }),
      )
      await assert.rejects(startByPassword(west(), place, 'fresh'), notThere)
      const asked = await startByPassword(east(), place, 'fresh')
      const responses = { USERNAME: 'fresh', NEW_PASSWORD: 'Another-horse-9' }
      await assert.rejects(respond(west(), place, asked, responses), notThere)
      assert.ok((await respond(east(), place, asked, responses)).AuthenticationResult)
    })

    describe('with a second factor', () => {
      let mfa: Place
      before(async () => {
        const config = { MfaConfiguration: 'ON' as const, ...smsFactor, ...tokenFactor }
        mfa = await createFactorPool(server(), config, replicable)
        await replicate(server(), mfa.UserPoolId)
        await setStatus(server(), mfa.UserPoolId, 'ACTIVE')
        await createUser(server(), mfa.UserPoolId, 'texter')
        await createUser(server(), mfa.UserPoolId, 'app', {})
        await server().sent()
      })

      test('a code is sent as that region is configured, and is good in both', async () => {
        await assert.rejects(
          startByPassword(west(), mfa, 'texter'),
          invalid(
            'Invalid phone number provided/Unable to send the message. User pool does not have SMS configuration to send messages.',
          ),
        )
        assert.deepEqual(await server().sent(), [])
        await west().client.send(
          new UpdateUserPoolCommand({ UserPoolId: mfa.UserPoolId, SmsConfiguration: smsConfiguration }),
        )
        const asked = await startByPassword(west(), mfa, 'texter')
        assert.equal(asked.ChallengeName, 'SMS_MFA')
        const [message, ...others] = await server().sent()
        assert.deepEqual([message?.to, others], [phone, []])
        const answer = { USERNAME: 'texter', SMS_MFA_CODE: message?.code ?? '' }
        assert.ok((await respond(east(), mfa, asked, answer)).AuthenticationResult)
      })

      test('an authenticator app is neither asked for, nor answered, nor set up', async () => {
        await assert.rejects(startByPassword(west(), mfa, 'app'), notThere)
        const setup = await startByPassword(east(), mfa, 'app')
        assert.equal(setup.ChallengeName, 'MFA_SETUP')
        await assert.rejects(respond(west(), mfa, setup, { USERNAME: 'app' }), notThere)
        const { secret } = await setUpApp(east(), mfa, setup, 'app')
        await assert.rejects(startByPassword(west(), mfa, 'app'), notThere)
        nextStep(server())
        const asked = await startByPassword(east(), mfa, 'app')
        assert.equal(asked.ChallengeName, 'SOFTWARE_TOKEN_MFA')
        const answer = { USERNAME: 'app', SOFTWARE_TOKEN_MFA_CODE: appCode(server(), secret) }
        await assert.rejects(respond(west(), mfa, asked, answer), notThere)
        assert.ok((await respond(east(), mfa, asked, answer)).AuthenticationResult)
      })
    })

    describe('by choice, towards a level', () => {
      test('an authenticator app leads nowhere', async () => {
        const config = { MfaConfiguration: 'OPTIONAL' as const, ...tokenFactor }
        const at = await createFactorPool(server(), config, replicable)
        await replicate(server(), at.UserPoolId)
        await setStatus(server(), at.UserPoolId, 'ACTIVE')
        await createUser(server(), at.UserPoolId, 'app', {})
        await enrolApp(server(), await accessTokenOf(server(), at, 'app'))
        const step = ({ client }: TestServer) =>
          client.send(
            new InitiateAuthCommand({
              ClientId: at.ClientId,
              AuthFlow: 'USER_AUTH',
              AuthParameters: { USERNAME: 'app', TARGET_ACR_VALUES: 'urn:cognito:loa:4' },
            }),
          )
        assert.ok((await step(east())).ChallengeName)
        await assert.rejects(step(west()), invalid('The user cannot reach any of the requested ACR values.'))
      })
    })

    describe('with triggers', () => {
      test('those of its region are told where they are, and nobody is migrated', async () => {
        const { UserPoolId } = place
        const migrated: string[] = []
        server().functions.define({
          pre: (event) => event,
          migrate: (event) => migrated.push(event.userName),
        })
        const LambdaConfig = {
          PreAuthentication: lambda('pre', there),
          UserMigration: lambda('migrate', there),
        }
        await west().client.send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig }))
        server().functions.events()
        await tokensOf(west(), place, 'ada')
        await tokensOf(east(), place, 'ada')
        assert.deepEqual(
          server()
            .functions.events()
            .map(({ triggerSource, region, userPoolId }) => [triggerSource, region, userPoolId]),
          [['PreAuthentication_Authentication', there, UserPoolId]],
        )
        await assert.rejects(startByPassword(west(), place, 'stranger'))
        assert.deepEqual(migrated, [])
      })
    })
  })
})

describe('the issuer, where it is written as AWS writes it,', () => {
  onEachStore(
    (server) => {
      const through = (region: string): TestServer => ({ ...server(), client: inRegion(server(), region) })
      const west = () => through(there)
      const east = () => through('us-east-1')
      const documentOf = async (region: string, UserPoolId: string) => {
        const path = `/${UserPoolId}/.well-known/openid-configuration`
        const headers = { host: `cognito-idp.${region}.amazonaws.com` }
        const response = await server().web(path, { headers })
        return { status: response.status, issuer: ((await response.json()) as { issuer?: string }).issuer }
      }

      for (const [type, hostIn] of [
        ['ORIGINAL', (region: string) => `cognito-idp.${region}`],
        ['UPDATED', () => 'issuer-cognito-idp.us-east-1'],
      ] as const) {
        test(`is that of the ${type} form in either region, and is known in both`, async () => {
          const UserPoolId = await createReplicated(server(), { IssuerConfiguration: { Type: type } })
          const place = { UserPoolId, ...(await createClient(server(), UserPoolId)) }
          await createUser(server(), UserPoolId, 'ada')
          for (const region of ['us-east-1', there]) {
            const issuer = `https://${hostIn(region)}.amazonaws.com/${UserPoolId}`
            const { AuthenticationResult } = await startByPassword(through(region), place, 'ada')
            const { AccessToken, IdToken } = AuthenticationResult ?? {}
            for (const token of [AccessToken, IdToken]) assert.equal(claimsOf(token).iss, issuer)
            for (const { client } of [east(), west()])
              assert.equal((await client.send(new GetUserCommand({ AccessToken }))).Username, 'ada')
            assert.deepEqual(await documentOf(region, UserPoolId), { status: 200, issuer })
          }
          assert.deepEqual(await documentOf('eu-west-1', UserPoolId), { status: 404, issuer: undefined })
        })
      }
    },
    { site: { issuer: 'aws' } },
  )
})
