import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  AdminUserGlobalSignOutCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import { clientOf, confirmedUser, createPlace, type Place, tokensOf } from '../../test/accounts.ts'
import { onEachStore } from '../../test/harness.ts'
import {
  type Acme,
  browserAt,
  comeBy,
  exchange,
  federatedPlace,
  openClient,
  startAcme,
} from '../../test/identity-provider.ts'

const ada = { sub: 'ada', email: 'ada@example.com', email_verified: true, name: 'Ada' }
const everything = { email: 'ada@example.com', email_verified: 'true', name: 'Ada' }

describe('what the OAuth endpoints do with a token', () => {
  onEachStore((server) => {
    let acme: Acme
    let place: Place
    before(async () => {
      acme = await startAcme(server())
      place = await federatedPlace(server(), {
        mapping: { email: 'email', email_verified: 'email_verified', name: 'name' },
      })
    })
    const tokensFor = async (scope: string, to = place) => {
      const back = await comeBy(browserAt(server), acme, to, ada, { parameters: { scope } })
      const { body } = await exchange(server(), to, { code: back.searchParams.get('code') ?? '' })
      return body as Record<string, string>
    }
    const ask = async (token: string | undefined, method = 'GET') => {
      const response = await server().web('/oauth2/userInfo', {
        method,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      })
      return { response, body: (await response.json()) as Record<string, unknown> }
    }
    const revoke = (parameters: Record<string, string>, to = place) =>
      server().web('/oauth2/revoke', {
        method: 'POST',
        body: new URLSearchParams({ client_id: to.ClientId, ...parameters }),
      })

    describe('userInfo', () => {
      for (const [scope, shown] of [
        ['openid', everything],
        ['openid aws.cognito.signin.user.admin', everything],
        ['openid email', { email: 'ada@example.com', email_verified: 'true' }],
        ['openid profile', { name: 'Ada' }],
      ] as const) {
        test(`shows of ${scope} what the ID token shows too`, async () => {
          const tokens = await tokensFor(scope)
          const { sub, username, identities: _, ...rest } = (await ask(tokens.access_token)).body
          assert.deepEqual(rest, shown)
          const id = decodeJwt(tokens.id_token ?? '')
          assert.deepEqual([sub, username], [id.sub, 'Acme_ada'])
          for (const name of Object.keys(everything)) assert.equal(name in id, name in shown, name)
        })
      }

      test('answers POST alike, and keeps to itself what the client cannot read', async () => {
        const { access_token } = await tokensFor('openid')
        const { body, response } = await ask(access_token, 'POST')
        assert.equal(body.name, 'Ada')
        assert.equal(response.headers.get('access-control-allow-origin'), '*')
        const { UserPoolId, ClientId } = place
        const narrow = { UserPoolId, ClientId, ClientName: 'x', ...openClient, ReadAttributes: ['email'] }
        await server().client.send(new UpdateUserPoolClientCommand(narrow))
        const { sub: _, username: __, ...rest } = (await ask(access_token)).body
        assert.deepEqual(rest, { email: 'ada@example.com' })
        await server().client.send(new UpdateUserPoolClientCommand({ ...narrow, ReadAttributes: undefined }))
      })

      test('refuses a token that is not good for it', async () => {
        const description =
          'Access token is expired, disabled, or deleted, or the user has globally signed out.'
        const refused = async (
          token: string | undefined,
          status = 401,
          error = 'invalid_token',
          text = description,
        ) => {
          const { response, body } = await ask(token)
          assert.equal(response.status, status)
          assert.deepEqual(body, { error, error_description: text })
          assert.equal(
            response.headers.get('www-authenticate'),
            `error="${error}", error_description="${text}"`,
          )
        }
        await refused(undefined, 400, 'invalid_request', 'Bad OAuth2 request at UserInfo Endpoint')
        await refused('nothing')
        const { access_token = '', id_token } = await tokensFor('openid')
        await refused(id_token)
        await refused(`${access_token.slice(0, -4)}AAAA`)
        await refused((await tokensFor('aws.cognito.signin.user.admin')).access_token)
        const api = await createPlace(server())
        await confirmedUser(server(), api, 'bob')
        await refused((await tokensOf(server(), api, 'bob')).AccessToken)
        server().clock.now += 1
        await server().client.send(
          new AdminUserGlobalSignOutCommand({ UserPoolId: place.UserPoolId, Username: 'Acme_ada' }),
        )
        await refused(access_token)
      })
    })

    describe('revoke', () => {
      test('ends the session of a refresh token, also of one that is over', async () => {
        const { refresh_token: token = '', access_token } = await tokensFor('openid')
        for (const given of [token, token, 'nobody’s']) {
          const response = await revoke({ token: given })
          assert.equal(response.status, 200)
          assert.equal(await response.text(), '')
        }
        assert.equal((await ask(access_token)).response.status, 401)
        assert.equal(
          (await exchange(server(), place, { grant_type: 'refresh_token', refresh_token: token })).status,
          400,
        )
      })

      test('refuses anything else', async () => {
        const { refresh_token: token = '', access_token = '' } = await tokensFor('openid')
        const secretive = await clientOf(server(), place.UserPoolId, { ...openClient, GenerateSecret: true })
        const lasting = await clientOf(server(), place.UserPoolId, {
          ...openClient,
          EnableTokenRevocation: false,
        })
        for (const [parameters, to, status, error] of [
          [{}, place, 400, 'invalid_request'],
          [{ token: access_token }, place, 400, 'unsupported_token_type'],
          [{ token, client_secret: 'wrong' }, place, 401, 'invalid_client'],
          [{ token }, secretive, 401, 'invalid_client'],
          [{ token }, lasting, 400, 'invalid_request'],
          [{ token }, await clientOf(server(), place.UserPoolId, openClient), 400, 'unauthorized_client'],
        ] as const) {
          const response = await revoke(parameters, to)
          assert.deepEqual([response.status, await response.json()], [status, { error }])
        }
        assert.equal((await ask(access_token)).response.status, 200)
      })
    })

    test('discovery names the endpoints of a pool with a domain, and of no other', async () => {
      const endpointsOf = async ({ UserPoolId }: Place) => {
        const response = await server().web(`/${UserPoolId}/.well-known/openid-configuration`)
        const document = (await response.json()) as Record<string, string>
        return Object.fromEntries(Object.entries(document).filter(([name]) => name.endsWith('_endpoint')))
      }
      assert.deepEqual(await endpointsOf(place), {
        authorization_endpoint: 'http://localhost:9229/oauth2/authorize',
        revocation_endpoint: 'http://localhost:9229/oauth2/revoke',
        token_endpoint: 'http://localhost:9229/oauth2/token',
        userinfo_endpoint: 'http://localhost:9229/oauth2/userInfo',
      })
      assert.deepEqual(await endpointsOf(await createPlace(server())), {})
    })
  })
})
