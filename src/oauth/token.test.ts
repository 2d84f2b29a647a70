import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, describe, test } from 'node:test'
import {
  AddUserPoolClientSecretCommand,
  AdminDisableUserCommand,
  AdminUserGlobalSignOutCommand,
  CreateResourceServerCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import { clientOf, type Place } from '../../test/accounts.ts'
import { onEachStore } from '../../test/harness.ts'
import {
  type Acme,
  browserAt,
  callback,
  comeBy,
  exchange,
  federatedPlace,
  openClient,
  startAcme,
} from '../../test/identity-provider.ts'
import { functionArnOf } from '../../test/trigger-functions.ts'

const ada = { sub: 'ada', email: 'ada@example.com' }
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const challenge = createHash('sha256').update(verifier).digest('base64url')
const refusal = (error: string, error_description?: string) => ({
  status: 400,
  body: { error, ...(error_description && { error_description }) },
})
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})

describe('POST /oauth2/token', () => {
  onEachStore((server) => {
    let acme: Acme
    let place: Place
    before(async () => {
      acme = await startAcme(server())
      place = await federatedPlace(server())
    })
    /** A code for ada, who has signed in. */
    const newCode = async (to = place, parameters: Record<string, string> = {}): Promise<string> => {
      const back = await comeBy(browserAt(server), acme, to, ada, { parameters })
      return back.searchParams.get('code') ?? assert.fail(back.href)
    }
    const ask = (parameters: Record<string, string>, headers = {}, to = place) =>
      exchange(server(), to, parameters, headers)

    describe('authorization_code', () => {
      test('answers with tokens, and headers that keep them where they are', async () => {
        const response = await server().web('/oauth2/token', {
          method: 'POST',
          headers: { origin: 'https://app.example.com' },
          body: new URLSearchParams({
            grant_type: 'authorization_code',
            client_id: place.ClientId,
            redirect_uri: callback,
            code: await newCode(),
          }),
        })
        assert.equal(response.status, 200)
        const { id_token, access_token, refresh_token, ...rest } = (await response.json()) as Record<
          string,
          string
        >
        assert.ok(id_token && access_token && refresh_token)
        assert.deepEqual(rest, { expires_in: 3600, token_type: 'Bearer' })
        const { 'x-amz-cognito-request-id': requestId, ...headers } = Object.fromEntries(response.headers)
        assert.match(requestId ?? '', /^[0-9a-f-]{36}$/)
        assert.deepEqual(headers, {
          'access-control-allow-origin': '*',
          'cache-control': 'no-store',
          'content-type': 'application/json;charset=UTF-8',
          pragma: 'no-cache',
        })
        const digest = createHash('sha256').update(access_token).digest().subarray(0, 16)
        assert.equal(decodeJwt(id_token).at_hash, digest.toString('base64url'))
        assert.equal(decodeJwt(access_token).version, 2)
        const { Username } = await server().client.send(new GetUserCommand({ AccessToken: access_token }))
        assert.equal(Username, 'Acme_ada')
      })

      test('has no ID token where the app has not asked for one', async () => {
        const { body } = await ask({ code: await newCode(place, { scope: 'aws.cognito.signin.user.admin' }) })
        assert.deepEqual(Object.keys(body).sort(), [
          'access_token',
          'expires_in',
          'refresh_token',
          'token_type',
        ])
      })

      test('takes a code once, however many ask at once', async () => {
        const code = await newCode()
        const answers = await Promise.all(Array.from({ length: 20 }, () => ask({ code })))
        assert.equal(answers.filter(({ status }) => status === 200).length, 1)
        for (const answer of answers.filter(({ status }) => status !== 200))
          assert.deepEqual(answer, refusal('invalid_grant'))
      })

      test('takes it for five minutes', async () => {
        const [code, late] = [await newCode(), await newCode()]
        server().clock.now += 299_999
        assert.equal((await ask({ code })).status, 200)
        server().clock.now += 1
        assert.deepEqual(await ask({ code: late }), refusal('invalid_grant'))
      })

      test('takes the verifier of its challenge, and no other', async () => {
        const asked = { code_challenge: challenge, code_challenge_method: 'S256' }
        assert.equal((await ask({ code: await newCode(place, asked), code_verifier: verifier })).status, 200)
        for (const given of [{}, { code_verifier: challenge }])
          assert.deepEqual(
            await ask({ code: await newCode(place, asked), ...given }),
            refusal('invalid_grant'),
          )
        const unasked = { code: await newCode(), code_verifier: verifier }
        assert.deepEqual(await ask(unasked), refusal('invalid_grant'))
      })

      test('takes it from the app that it was made for, and uses it up in any case', async () => {
        const code = await newCode()
        const other = await clientOf(server(), place.UserPoolId, openClient)
        assert.deepEqual(await ask({ code }, {}, other), refusal('invalid_grant'))
        assert.deepEqual(await ask({ code }), refusal('invalid_grant'))
        const moved = { code: await newCode(), redirect_uri: 'https://app.example.com/elsewhere' }
        assert.deepEqual(await ask(moved), refusal('unauthorized_client', 'invalid_redirect'))
      })

      test('takes none of a user who was shut out or signed out since', async () => {
        const UserPoolId = place.UserPoolId
        const Username = 'Acme_ada'
        const code = await newCode()
        server().clock.now += 1
        await server().client.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username }))
        assert.deepEqual(await ask({ code }), refusal('invalid_grant'))
        const another = await federatedPlace(server())
        const theirs = await newCode(another)
        await server().client.send(new AdminDisableUserCommand({ UserPoolId: another.UserPoolId, Username }))
        assert.deepEqual(await ask({ code: theirs }, {}, another), refusal('invalid_grant'))
      })

      test('is not for apps that are to have tokens at once', async () => {
        const implicit = await clientOf(server(), place.UserPoolId, {
          ...openClient,
          AllowedOAuthFlows: ['implicit'],
        })
        assert.deepEqual(await ask({ code: 'any' }, {}, implicit), refusal('unauthorized_client'))
        const back = await comeBy(browserAt(server), acme, implicit, ada, {
          parameters: { response_type: 'token' },
        })
        assert.equal(back.search, '')
        const { id_token, access_token, ...rest } = Object.fromEntries(
          new URLSearchParams(back.hash.slice(1)),
        )
        assert.deepEqual(rest, { token_type: 'Bearer', expires_in: '3600', state: 'the-apps-own' })
        assert.equal(decodeJwt(id_token ?? '')['cognito:username'], 'Acme_ada')
        assert.equal(decodeJwt(access_token ?? '').username, 'Acme_ada')
      })
    })

    describe('a client', () => {
      let secretive: Place
      before(async () => {
        secretive = await clientOf(server(), place.UserPoolId, { ...openClient, GenerateSecret: true })
      })
      const secret = () => secretive.ClientSecret ?? assert.fail('it has a secret')
      const asks = async (parameters: Record<string, string>, headers = {}) =>
        (await ask({ code: await newCode(secretive), ...parameters }, headers, secretive)).status

      test('proves who it is by HTTP Basic or by parameters', async () => {
        assert.equal(await asks({}, basic(secretive.ClientId, secret())), 200)
        assert.equal(await asks({ client_secret: secret() }), 200)
        const { UserPoolId, ClientId } = secretive
        const ClientSecret = 'with+plus_signs+of_its_owner'
        await server().client.send(new AddUserPoolClientSecretCommand({ UserPoolId, ClientId, ClientSecret }))
        for (const sent of [ClientSecret, encodeURIComponent(ClientSecret)])
          assert.equal(await asks({}, basic(ClientId, sent)), 200)
      })

      test('is refused with anything else', async () => {
        const rows: readonly [Record<string, string>, Record<string, string>][] = [
          [{}, {}],
          [{ client_secret: 'wrong' }, {}],
          [{ client_secret: '' }, {}],
          [{}, basic(secretive.ClientId, 'wrong')],
          [{}, basic(place.ClientId, secret())],
          [{}, basic('', secret())],
          [{}, { authorization: `Bearer ${secret()}` }],
          [{}, { authorization: 'Basic ???' }],
          [{ client_id: 'nobody', client_secret: secret() }, {}],
          [{ client_id: 'nobody' }, basic(secretive.ClientId, secret())],
        ]
        for (const [parameters, headers] of rows)
          assert.deepEqual(
            await ask({ code: 'any', ...parameters }, headers, secretive),
            refusal('invalid_client'),
          )
        // A public client has no secret to know.
        assert.deepEqual(await ask({ code: 'any', client_secret: 'x' }), refusal('invalid_client'))
      })
    })

    test('refuses what is no request for tokens', async () => {
      const rows: readonly [Record<string, string>, string][] = [
        [{ grant_type: '' }, 'invalid_request'],
        [{ grant_type: 'password' }, 'unsupported_grant_type'],
        [{ grant_type: '__proto__' }, 'unsupported_grant_type'],
        [{ client_id: '' }, 'invalid_request'],
        [{}, 'invalid_request'],
        [{ code: 'x', redirect_uri: '' }, 'invalid_request'],
        [{ grant_type: 'refresh_token' }, 'invalid_request'],
        [{ grant_type: 'refresh_token', refresh_token: 'made up' }, 'invalid_grant'],
      ]
      for (const [parameters, error] of rows) assert.deepEqual(await ask(parameters), refusal(error))
      for (const [type, body] of [
        ['application/json', '{"grant_type":"authorization_code"}'],
        ['application/x-www-form-urlencoded', `client_id=${place.ClientId}&client_id=${place.ClientId}`],
      ] as const) {
        const response = await server().web('/oauth2/token', {
          method: 'POST',
          headers: { 'content-type': type },
          body,
        })
        assert.deepEqual(await response.json(), { error: 'invalid_request' })
      }
    })

    describe('refresh_token', () => {
      test('answers with new tokens of the same session, and no new refresh token', async () => {
        const { body } = await ask({ code: await newCode(place, { scope: 'openid email', nonce: 'n' }) })
        server().clock.now += 60_000
        const refreshed = await ask({
          grant_type: 'refresh_token',
          refresh_token: String(body.refresh_token),
        })
        assert.equal(refreshed.status, 200)
        assert.deepEqual(Object.keys(refreshed.body).sort(), [
          'access_token',
          'expires_in',
          'id_token',
          'token_type',
        ])
        const [was, is] = [body, refreshed.body].map(({ access_token }) => decodeJwt(String(access_token)))
        for (const name of ['origin_jti', 'event_id', 'auth_time', 'scope', 'version', 'sub'])
          assert.equal(is?.[name], was?.[name], name)
        assert.equal(decodeJwt(String(refreshed.body.id_token)).nonce, undefined)
      })

      test('rotates where the client does, and the API knows the token too', async () => {
        const rotating = await clientOf(server(), place.UserPoolId, {
          ...openClient,
          ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
          RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
        })
        const { body } = await ask({ code: await newCode(rotating) }, {}, rotating)
        const old = { grant_type: 'refresh_token', refresh_token: String(body.refresh_token) }
        const { body: next } = await ask(old, {}, rotating)
        assert.ok(next.refresh_token && next.refresh_token !== body.refresh_token)
        assert.deepEqual(await ask(old, {}, rotating), refusal('invalid_grant'))
        const { AuthenticationResult } = await server().client.send(
          new GetTokensFromRefreshTokenCommand({
            ClientId: rotating.ClientId,
            RefreshToken: String(next.refresh_token),
          }),
        )
        assert.equal(decodeJwt(AuthenticationResult?.AccessToken ?? '').username, 'Acme_ada')
      })
    })

    describe('client_credentials', () => {
      const machineOf = async () => {
        const { UserPoolId } = place
        await server().client.send(
          new CreateResourceServerCommand({
            UserPoolId,
            Identifier: 'orders',
            Name: 'Orders',
            Scopes: [
              { ScopeName: 'read', ScopeDescription: 'Read' },
              { ScopeName: 'write', ScopeDescription: 'Write' },
            ],
          }),
        )
        return clientOf(server(), UserPoolId, {
          GenerateSecret: true,
          ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
          AllowedOAuthFlowsUserPoolClient: true,
          AllowedOAuthFlows: ['client_credentials'],
          AllowedOAuthScopes: ['orders/read'],
        })
      }
      let machine: Place
      before(async () => {
        machine = await machineOf()
      })
      const asks = (parameters: Record<string, string>) =>
        ask(
          { grant_type: 'client_credentials', client_secret: machine.ClientSecret ?? '', ...parameters },
          {},
          machine,
        )

      test('answers with an access token of the client’s own', async () => {
        for (const parameters of [{}, { scope: 'orders/read' }]) {
          const { status, body } = await asks(parameters)
          assert.equal(status, 200)
          const { access_token, ...rest } = body
          assert.deepEqual(rest, { expires_in: 3600, token_type: 'Bearer' })
          const { sub, scope, client_id, version } = decodeJwt(String(access_token))
          assert.deepEqual(
            { sub, scope, client_id, version },
            {
              sub: machine.ClientId,
              scope: 'orders/read',
              client_id: machine.ClientId,
              version: 2,
            },
          )
        }
      })

      test('tells scopes that are not there from those that are not the client’s', async () => {
        assert.deepEqual(await asks({ scope: 'orders/burn' }), refusal('invalid_scope'))
        assert.deepEqual(await asks({ scope: 'openid' }), refusal('invalid_scope'))
        assert.deepEqual(await asks({ scope: 'orders/read orders/write' }), refusal('invalid_grant'))
        assert.deepEqual(await ask({ grant_type: 'client_credentials' }), refusal('invalid_grant'))
      })

      test('passes metadata on to a function of the third version', async () => {
        const PreTokenGenerationConfig = {
          LambdaVersion: 'V3_0' as const,
          LambdaArn: functionArnOf('PreTokenGeneration'),
        }
        const own = await federatedPlace(server(), { pool: { LambdaConfig: { PreTokenGenerationConfig } } })
        const was = place
        place = own
        machine = await machineOf()
        server().functions.define({ PreTokenGeneration: (event) => event })
        server().functions.events()
        assert.equal((await asks({ aws_client_metadata: '{"desk":"7"}' })).status, 200)
        const [event, ...more] = server().functions.events()
        assert.deepEqual(more, [])
        assert.equal(event?.triggerSource, 'TokenGeneration_ClientCredentials')
        assert.deepEqual(event?.request.clientMetadata, { desk: '7' })
        for (const text of ['{', '[]', '"x"', '{"a":1}', 'null'])
          assert.deepEqual(await asks({ aws_client_metadata: text }), refusal('invalid_request'))
        place = was
      })
    })
  })
})
