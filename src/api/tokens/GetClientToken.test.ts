import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AddUserPoolClientSecretCommand,
  CreateResourceServerCommand,
  type CreateUserPoolClientCommandInput,
  DeleteResourceServerCommand,
  type ExplicitAuthFlowsType,
  GetClientTokenCommand,
  UpdateResourceServerCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { JwtRsaVerifier } from 'aws-jwt-verify'
import { createUser, refusal } from '../../../test/fixtures.ts'
import { callRaw, onEachStore } from '../../../test/harness.ts'
import {
  claimsOf,
  clientOf,
  createPlace,
  getUser,
  type Place,
  refused,
  start,
  updatePool,
} from '../../../test/tokens.ts'
import { functionArnOf } from '../../../test/trigger-functions.ts'

// AWS's SDK has no name for it.
const flow = 'ALLOW_CLIENT_TOKEN_AUTH' as ExplicitAuthFlowsType
/** As AWS's own template for the operation has it: aws-doc-sdk-examples, scenarios/client_token. */
const machine: Partial<CreateUserPoolClientCommandInput> = {
  GenerateSecret: true,
  ExplicitAuthFlows: [flow],
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['client_credentials'],
  AllowedOAuthScopes: ['aws.cognito/dcr/register'],
}
/** A pool whose clients may register others. */
const registering = { DcrConfiguration: { EnableStatus: 'Enabled' as const } }

describe('GetClientToken', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      place = await createPlace(server(), machine, registering)
    })
    const get = async ({ ClientId, ClientSecret }: Place, Scopes?: string[]) =>
      (await server().client.send(new GetClientTokenCommand({ ClientId, Secret: ClientSecret, Scopes })))
        .ClientAuthenticationResult

    test('an access token for the client itself, with all of its scopes', async () => {
      const { AccessToken, ...rest } = (await get(place)) ?? {}
      assert.deepEqual(rest, { ExpiresIn: 3600, TokenType: 'Bearer' })
      const { jti, ...claims } = claimsOf(AccessToken)
      const now = server().clock.now / 1000
      assert.deepEqual(claims, {
        sub: place.ClientId,
        token_use: 'access',
        scope: 'aws.cognito/dcr/register',
        auth_time: now,
        iss: `http://localhost:9229/${place.UserPoolId}`,
        exp: now + 3600,
        iat: now,
        version: 2,
        client_id: place.ClientId,
      })
      assert.match(String(jti), /^[0-9a-f-]{36}$/)
      assert.notEqual(claimsOf((await get(place))?.AccessToken).jti, jti)
    })

    test('with the scopes that are asked for, each once', async () => {
      const scopeOf = async (...scopes: string[]) => claimsOf((await get(place, scopes))?.AccessToken).scope
      const scope = 'aws.cognito/dcr/register'
      assert.equal(await scopeOf(scope, scope), scope)
      for (const other of ['my-api/read', 'aws.cognito/dcr/delete', 'openid', 'register']) {
        await assert.rejects(
          scopeOf(scope, other),
          refusal('InvalidParameterException', `Invalid scope requested: ${other}`),
        )
      }
    })

    test('of several scopes those that are asked for, or all', async () => {
      const { UserPoolId } = place
      const [Identifier, Name] = ['https://example.com/shop', 'the shop']
      const defining = (names: string[]) => ({
        UserPoolId,
        Identifier,
        Name,
        Scopes: names.map((ScopeName) => ({ ScopeName, ScopeDescription: 'x' })),
      })
      await server().client.send(new CreateResourceServerCommand(defining(['read', 'write', 'list'])))
      const [read, write, list] = ['read', 'write', 'list'].map((name) => `${Identifier}/${name}`)
      const AllowedOAuthScopes = [read, 'aws.cognito/dcr/register', write] as string[]
      const at = await clientOf(server(), UserPoolId, { ...machine, AllowedOAuthScopes })
      const scopeOf = async (...scopes: (string | undefined)[]) =>
        claimsOf((await get(at, scopes as string[]))?.AccessToken).scope
      assert.equal(claimsOf((await get(at))?.AccessToken).scope, AllowedOAuthScopes.join(' '))
      assert.equal(await scopeOf(), AllowedOAuthScopes.join(' '))
      assert.equal(await scopeOf(write, read), `${write} ${read}`)
      await assert.rejects(
        scopeOf(read, list),
        refusal('InvalidParameterException', `Invalid scope requested: ${list}`),
      )

      // What is no longer defined is left out, whether or not it is asked for, until it is defined again.
      await server().client.send(new UpdateResourceServerCommand(defining(['read', 'list'])))
      assert.equal(await scopeOf(), `${read} aws.cognito/dcr/register`)
      assert.equal(await scopeOf(write, read), read)
      await updatePool(server(), place, { DcrConfiguration: { EnableStatus: 'Disabled' } })
      assert.equal(await scopeOf(), read)
      await server().client.send(new DeleteResourceServerCommand({ UserPoolId, Identifier }))
      assert.equal(await scopeOf(), '')
      assert.equal(await scopeOf(read), '')
      await server().client.send(new CreateResourceServerCommand(defining(['write'])))
      await updatePool(server(), place, registering)
      assert.equal(await scopeOf(), `aws.cognito/dcr/register ${write}`)
    })

    test('without those of a user, which a client may have beside', async () => {
      const at = await clientOf(server(), place.UserPoolId, {
        ...machine,
        AllowedOAuthFlows: ['code'],
        CallbackURLs: ['https://example.com/'],
        AllowedOAuthScopes: ['openid', 'aws.cognito/dcr/register', 'aws.cognito.signin.user.admin'],
      })
      assert.equal(claimsOf((await get(at))?.AccessToken).scope, 'aws.cognito/dcr/register')
      for (const scope of ['openid', 'aws.cognito.signin.user.admin']) {
        await assert.rejects(
          get(at, [scope]),
          refusal('InvalidParameterException', `Invalid scope requested: ${scope}`),
        )
      }
    })

    test('lives as long as the client’s access tokens do', async () => {
      const at = await clientOf(server(), place.UserPoolId, {
        ...machine,
        AccessTokenValidity: 10,
        TokenValidityUnits: { AccessToken: 'minutes' },
      })
      const { AccessToken, ExpiresIn } = (await get(at)) ?? {}
      const { exp, iat } = claimsOf(AccessToken)
      assert.deepEqual([ExpiresIn, Number(exp) - Number(iat)], [600, 600])
    })

    test('is verified with the key of access tokens, and is nobody’s access token here', async () => {
      server().clock.now = Date.now()
      const { AccessToken = '' } = (await get(place)) ?? {}
      const verifier = JwtRsaVerifier.create({
        issuer: `http://localhost:9229/${place.UserPoolId}`,
        audience: null,
      })
      const jwks = await server().web(`/${place.UserPoolId}/.well-known/jwks.json`)
      verifier.cacheJwks((await jwks.json()) as never)
      assert.equal((await verifier.verify(AccessToken)).sub, place.ClientId)
      await assert.rejects(
        getUser(server(), AccessToken),
        refusal('NotAuthorizedException', 'Access Token does not have required scopes'),
      )
    })

    test('signed by anybody, or not at all', async () => {
      const { ClientId, ClientSecret: Secret } = place
      const stranger = server().as('AKIAUNKNOWN', 'secret')
      assert.ok(
        (await stranger.send(new GetClientTokenCommand({ ClientId, Secret }))).ClientAuthenticationResult,
      )
      const { status } = await callRaw(server(), 'GetClientToken', JSON.stringify({ ClientId, Secret }))
      assert.equal(status, 200)
    })

    test('either of two secrets is good; another is not, nor any for a client without one', async () => {
      const at = await clientOf(server(), place.UserPoolId, machine)
      const { UserPoolId, ClientId } = at
      const { ClientSecretDescriptor } = await server().client.send(
        new AddUserPoolClientSecretCommand({ UserPoolId, ClientId }),
      )
      for (const ClientSecret of [at.ClientSecret, ClientSecretDescriptor?.ClientSecretValue]) {
        assert.ok(await get({ ...at, ClientSecret }))
      }
      const open = await clientOf(server(), UserPoolId, {})
      const ClientSecret = 'wrongwrongwrongwrongwrong'
      for (const wrong of [
        { ...at, ClientSecret },
        { ...open, ClientSecret },
      ]) {
        await assert.rejects(
          get(wrong),
          refusal('NotAuthorizedException', `Client secret does not match for the client: ${wrong.ClientId}`),
        )
      }
      await assert.rejects(get({ ...at, ClientId: 'absent' }), refused.noClient('absent'))
    })

    test('is for clients that allow it, and those sign in no user', async () => {
      const at = await clientOf(server(), place.UserPoolId, { GenerateSecret: true })
      await assert.rejects(
        get(at),
        refusal('NotAuthorizedException', 'CLIENT_TOKEN_AUTH is not enabled for the client.'),
      )
      await createUser(server(), place.UserPoolId, 'ada')
      await assert.rejects(start(server(), place, 'USER_PASSWORD_AUTH', { USERNAME: 'ada' }), {
        name: 'InvalidParameterException',
      })
      await assert.rejects(
        clientOf(server(), place.UserPoolId, {
          ...machine,
          ExplicitAuthFlows: [flow, 'ALLOW_USER_SRP_AUTH'],
        }),
        refusal(
          'InvalidParameterException',
          'ALLOW_CLIENT_TOKEN_AUTH cannot be used with other ExplicitAuthFlows values.',
        ),
      )
    })

    test('as the function of the pool wants it, where events are of the third version', async () => {
      const lambda = (LambdaVersion: 'V2_0' | 'V3_0') => ({
        LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion, LambdaArn: functionArnOf('tokens') } },
      })
      const at = await createPlace(server(), machine, { ...registering, ...lambda('V3_0') })
      const { ClientId, ClientSecret, UserPoolId } = at
      server().functions.define({
        tokens: (event) => ({
          ...event,
          response: {
            claimsAndScopeOverrideDetails: {
              accessTokenGeneration: {
                claimsToAddOrOverride: { plan: 'gold', client_id: 'another', sub: 'another' },
                scopesToAdd: ['shop/read'],
                scopesToSuppress: ['aws.cognito/dcr/register'],
              },
              groupOverrideDetails: { groupsToOverride: ['staff'] },
            },
          },
        }),
      })
      const ask = { ClientId, Secret: ClientSecret, ClientMetadata: { why: 'test' } }
      const { ClientAuthenticationResult } = await server().client.send(new GetClientTokenCommand(ask))
      const claims = claimsOf(ClientAuthenticationResult?.AccessToken)
      assert.deepEqual(
        [claims.plan, claims.scope, claims.client_id, claims.sub, claims['cognito:groups']],
        ['gold', 'shop/read', ClientId, ClientId, undefined],
      )
      assert.deepEqual(server().functions.events(), [
        {
          version: '3',
          triggerSource: 'TokenGeneration_ClientCredentials',
          region: 'us-east-1',
          userPoolId: UserPoolId,
          userName: 'ClientCredentials',
          callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: ClientId },
          request: {
            userAttributes: {},
            groupConfiguration: null,
            scopes: ['aws.cognito/dcr/register'],
            clientMetadata: { why: 'test' },
          },
          response: { claimsAndScopeOverrideDetails: null },
        },
      ])
      server().functions.define({
        tokens: () => {
          throw new Error('no')
        },
      })
      await assert.rejects(
        get(at),
        refusal('InvalidParameterException', 'PreTokenGeneration failed with error no.'),
      )
      await updatePool(server(), at, { ...registering, ...lambda('V2_0') })
      assert.equal(claimsOf((await get(at))?.AccessToken).plan, undefined)
      assert.deepEqual(server().functions.events().length, 1)
    })

    test('without scopes of its own, a token without scopes', async () => {
      const at = await clientOf(server(), place.UserPoolId, {
        GenerateSecret: true,
        ExplicitAuthFlows: [flow],
      })
      assert.equal(claimsOf((await get(at))?.AccessToken).scope, '')
    })
  })
})
