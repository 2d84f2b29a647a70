import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  DeleteIdentityProviderCommand,
  DeleteUserPoolDomainCommand,
  DescribeUserPoolCommand,
  UpdateIdentityProviderCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { exportJWK, generateKeyPair } from 'jose'
import { clientOf, type Place } from '../../test/accounts.ts'
import { onEachStore } from '../../test/harness.ts'
import {
  type Acme,
  authorizeUrl,
  browserAt,
  callback,
  federatedPlace,
  giveDomain,
  openClient,
  startAcme,
} from '../../test/identity-provider.ts'
import { endpoints, oidcDetails } from '../../test/providers.ts'
import { type Answered, Unreachable } from '../ports/outbound.ts'

const ada = { sub: 'ada' }

/** Nobody answers, and why. */
const unreachable = (name = 'Error') =>
  new Unreachable('no answer', { cause: Object.assign(new Error(), { name }) })

/** A key of the same name that somebody else has. */
const { publicKey } = await generateKeyPair('ES256')
const othersKeys: Answered = {
  status: 200,
  body: JSON.stringify({
    keys: [{ ...(await exportJWK(publicKey)), kid: 'acme', alg: 'ES256', use: 'sig' }],
  }),
  contentType: 'application/json',
}

const parametersOf = (url: URL) => Object.fromEntries(url.searchParams)

describe('GET /oauth2/authorize', () => {
  onEachStore((server) => {
    let place: Place
    let acme: Acme
    before(async () => {
      acme = await startAcme(server())
      place = await federatedPlace(server())
    })
    const sentTo = (parameters: Record<string, string | undefined>, to = place) =>
      browserAt(server).sentTo(authorizeUrl(to, parameters))

    test('sends the user to the provider, with what binds the answer to the question', async () => {
      const browser = browserAt(server)
      const response = await browser.go(
        authorizeUrl(place, { login_hint: 'ada@example.com', prompt: 'login' }),
      )
      const url = new URL(response.headers.get('location') ?? '')
      assert.equal(`${url.origin}${url.pathname}`, endpoints.authorize_url)
      const { state, nonce, code_challenge, ...others } = parametersOf(url)
      assert.deepEqual(others, {
        client_id: oidcDetails.client_id,
        redirect_uri: 'http://localhost:9229/oauth2/idpresponse',
        response_type: 'code',
        scope: oidcDetails.authorize_scopes,
        code_challenge_method: 'S256',
        login_hint: 'ada@example.com',
        prompt: 'login',
      })
      assert.match(nonce ?? '', /^[0-9a-f-]{36}$/)
      assert.match(code_challenge ?? '', /^[\w-]{43}$/)
      assert.ok(!state?.includes('the-apps-own'))
      assert.match(
        response.headers.getSetCookie().join('\n'),
        /^csrf-state=[0-9a-f-]{36}; Max-Age=3600; Path=\/; HttpOnly; SameSite=Lax$/,
      )
    })

    describe('keeps the user here, where nobody can be told', () => {
      const rows: readonly [string, Record<string, string | undefined>, Record<string, string>][] = [
        ['without a client', { client_id: undefined }, { error: 'Required parameters missing' }],
        ['without a callback', { redirect_uri: undefined }, { error: 'Required parameters missing' }],
        ['of a client that is not there', { client_id: 'nobody' }, { error: 'Client does not exist' }],
        ['of a client that cannot be', { client_id: 'a\u0000b' }, { error: 'Client does not exist' }],
        [
          'with another callback, though it differs in a slash',
          { redirect_uri: `${callback}/` },
          { error: 'redirect_mismatch', client_id: 'the client' },
        ],
        [
          'with a provider that is not offered',
          { identity_provider: 'Google' },
          { error: 'Login option is not available. Please try another one', client_id: 'the client' },
        ],
        [
          'with an identifier that no provider has',
          { identity_provider: undefined, idp_identifier: 'nobody' },
          { error: 'Login option is not available. Please try another one', client_id: 'the client' },
        ],
      ]
      for (const [name, parameters, expected] of rows) {
        test(name, async () => {
          const browser = browserAt(server)
          const url = await browser.sentTo(authorizeUrl(place, parameters))
          assert.equal(url.pathname, '/error')
          const { client_id } = expected
          assert.deepEqual(parametersOf(url), {
            ...expected,
            ...(client_id && { client_id: place.ClientId }),
          })
          const page = await browser.go(`${url.pathname}${url.search}`)
          assert.equal(page.status, 400)
          const text = await page.text()
          assert.match(text, /An error was encountered with the requested page\./)
          assert.ok(text.includes(expected.error ?? ''), text)
        })
      }

      test('and shows nothing but text of what it is told', async () => {
        const page = await browserAt(server).go(`/error?error=${encodeURIComponent(`<b>${'x'.repeat(500)}`)}`)
        assert.match(await page.text(), /&lt;b&gt;x{197}</)
      })
    })

    describe('tells the app', () => {
      const rows: readonly [string, Record<string, string | undefined>, string][] = [
        [
          'of a missing response type',
          { response_type: undefined },
          '?state=the-apps-own&error=invalid_request',
        ],
        [
          'without a state where there was none',
          { response_type: 'x', state: undefined },
          '?error=invalid_request',
        ],
        [
          'of a scope that the client does not have',
          { scope: 'openid offline_access' },
          '?error_description=invalid_scope&state=the-apps-own&error=invalid_request',
        ],
        [
          'in the fragment, where tokens were asked for',
          { scope: 'offline_access', response_type: 'token' },
          '#error_description=invalid_scope&state=the-apps-own&error=invalid_request',
        ],
        ['that nobody is signed in', { prompt: 'none' }, '?state=the-apps-own&error=login_required'],
        [
          'of a provider that no store could look for',
          { identity_provider: 'a\u0000b' },
          '?state=the-apps-own&error=invalid_request',
        ],
        [
          'of an identifier that no store could look for',
          { identity_provider: undefined, idp_identifier: '\u0000' },
          '?state=the-apps-own&error=invalid_request',
        ],
      ]
      for (const [name, parameters, expected] of rows) {
        test(name, async () => assert.equal((await sentTo(parameters)).href, `${callback}${expected}`))
      }

      test('that it is allowed codes only', async () => {
        const codes = await clientOf(server(), place.UserPoolId, {
          ...openClient,
          AllowedOAuthFlows: ['code'],
        })
        const url = await sentTo({ response_type: 'token' }, codes)
        assert.equal(url.href, `${callback}#state=the-apps-own&error=unauthorized_client`)
      })
    })

    test('finds a provider by an identifier, and the only one by itself', async () => {
      const { UserPoolId } = place
      await server().client.send(
        new UpdateIdentityProviderCommand({
          UserPoolId,
          ProviderName: 'Acme',
          IdpIdentifiers: ['acme.example'],
        }),
      )
      const named = await sentTo({ identity_provider: undefined, idp_identifier: 'acme.example' })
      assert.equal(named.host, new URL(endpoints.authorize_url).host)
      const one = await clientOf(server(), UserPoolId, {
        ...openClient,
        SupportedIdentityProviders: ['Acme'],
      })
      const only = await sentTo({ identity_provider: undefined }, one)
      assert.equal(only.host, new URL(endpoints.authorize_url).host)
    })

    test('lets the user choose, where there is a choice', async () => {
      const browser = browserAt(server)
      const url = await browser.sentTo(authorizeUrl(place, { identity_provider: undefined }))
      assert.equal(url.pathname, '/login')
      assert.deepEqual(parametersOf(url), {
        client_id: place.ClientId,
        redirect_uri: callback,
        response_type: 'code',
        state: 'the-apps-own',
      })
      const page = await (await browser.go(`${url.pathname}${url.search}`)).text()
      const [, link = ''] = /<a href="(\/oauth2\/authorize[^"]+)">Continue with Acme<\/a>/.exec(page) ?? []
      const on = await browser.sentTo(link.replaceAll('&amp;', '&'))
      assert.equal(on.host, new URL(endpoints.authorize_url).host)
    })

    test('is there for pools with a domain only, and at a domain for its own pool only', async () => {
      const other = await federatedPlace(server())
      const { UserPool } = await server().client.send(
        new DescribeUserPoolCommand({ UserPoolId: other.UserPoolId }),
      )
      const host = `${UserPool?.Domain}.auth.us-east-1.amazoncognito.com`
      const at = (to: Place) => server().web(`https://${host}${authorizeUrl(to)}`)
      const own = await at(other)
      assert.equal(
        new URL(own.headers.get('location') ?? '').searchParams.get('redirect_uri'),
        `https://${host}/oauth2/idpresponse`,
      )
      assert.match(own.headers.getSetCookie().join(), /Secure; SameSite=None$/)
      assert.equal((await at(place)).headers.get('location'), '/error?error=Client+does+not+exist')
      await server().client.send(
        new DeleteUserPoolDomainCommand({ UserPoolId: other.UserPoolId, Domain: UserPool?.Domain }),
      )
      assert.equal((await sentTo({}, other)).search, '?error=Client+does+not+exist')
      await giveDomain(server(), other.UserPoolId)
      assert.equal((await sentTo({}, other)).host, new URL(endpoints.authorize_url).host)
    })

    test('goes by the one name of this machine that cookies are kept under', async () => {
      for (const host of ['127.0.0.1', '[::1]']) {
        const response = await server().web(`http://${host}:9229${authorizeUrl(place)}`)
        assert.equal(response.headers.get('location'), `http://localhost:9229${authorizeUrl(place)}`)
        assert.deepEqual(response.headers.getSetCookie(), [])
      }
    })

    describe('what comes back to /oauth2/idpresponse', () => {
      const expired = '/error?error=The+sign-in+has+expired.+Please+try+again'
      const goneWrong = async (back: string, browser = browserAt(server)) => {
        const { pathname, search } = await browser.sentTo(back)
        assert.equal(`${pathname}${search}`, expired)
      }

      test('is nothing without a state of ours, in time, from the browser that asked', async () => {
        await goneWrong('/oauth2/idpresponse')
        await goneWrong('/oauth2/idpresponse?code=1&state=made-up')
        const browser = browserAt(server)
        const back = acme.signsIn(await browser.sentTo(authorizeUrl(place)), ada)
        const path = `${back.pathname}${back.search}`
        await goneWrong(path)
        const another = browserAt(server)
        await another.sentTo(authorizeUrl(place))
        await goneWrong(path, another)
        server().clock.now += 300_000
        await goneWrong(path, browser)
        server().clock.now -= 1
        assert.equal((await browser.sentTo(path)).origin, new URL(callback).origin)
        await server().client.send(
          new DeleteIdentityProviderCommand({ UserPoolId: place.UserPoolId, ProviderName: 'Acme' }),
        )
        await goneWrong(path, browser)
        place = await federatedPlace(server())
      })

      test('is nothing once the client no longer offers the provider', async () => {
        const browser = browserAt(server)
        const own = await clientOf(server(), place.UserPoolId, openClient)
        const back = acme.signsIn(await browser.sentTo(authorizeUrl(own)), ada)
        const offer = (...SupportedIdentityProviders: string[]) =>
          server().client.send(
            new UpdateUserPoolClientCommand({ ...openClient, ...own, SupportedIdentityProviders }),
          )
        await offer('COGNITO')
        await goneWrong(`${back.pathname}${back.search}`, browser)
        await offer('COGNITO', 'Acme')
        assert.ok((await browser.sentTo(`${back.pathname}${back.search}`)).searchParams.has('code'))
      })

      test('may be of several sign-ins in one browser, and may be a form', async () => {
        const browser = browserAt(server)
        const requests = [
          await browser.sentTo(authorizeUrl(place, { state: 'one' })),
          await browser.sentTo(authorizeUrl(place, { state: 'two' })),
        ]
        for (const [index, request] of requests.entries()) {
          const back = acme.signsIn(request, ada)
          const url = await browser.sentTo(back.pathname, {
            method: 'POST',
            body: back.searchParams.toString(),
          })
          assert.equal(url.searchParams.get('state'), ['one', 'two'][index])
          assert.ok(url.searchParams.has('code'))
        }
      })

      const rows: readonly [string, (acme: Acme, back: URL) => void, Record<string, string>][] = [
        [
          'the provider’s own refusal',
          (_, back) => {
            back.searchParams.delete('code')
            back.searchParams.set('error', 'access_denied')
            back.searchParams.set('error_description', 'She would rather not')
          },
          { error: 'access_denied', error_description: 'She would rather not' },
        ],
        [
          'a refusal that no app could know',
          (_, back) => {
            back.searchParams.delete('code')
            back.searchParams.set('error', 'vendor_secret_17')
          },
          { error: 'invalid_request', error_description: 'vendor_secret_17' },
        ],
        [
          'a code that the provider does not know',
          (_, back) => back.searchParams.set('code', 'another'),
          { error: 'invalid_grant', error_description: 'Acme Error - 400 invalid_grant no such code' },
        ],
        [
          'a token endpoint that is out of order',
          (acme) => acme.fail({ status: 502, body: 'Bad gateway', contentType: 'text/html' }),
          { error: 'invalid_request', error_description: 'Acme Error - 502 error getting token' },
        ],
        [
          'one that nobody answers at',
          () => server().documents.serve(endpoints.token_url, () => Promise.reject(unreachable())),
          { error: 'invalid_request', error_description: 'Connection reset' },
        ],
        [
          'one that is too slow',
          () =>
            server().documents.serve(endpoints.token_url, () => Promise.reject(unreachable('TimeoutError'))),
          { error: 'invalid_request', error_description: 'Timeout occurred in calling IdP token endpoint' },
        ],
        [
          'user info that is refused',
          () =>
            server().documents.serve(endpoints.attributes_url, () => ({
              status: 403,
              body: '',
              contentType: undefined,
            })),
          { error: 'invalid_request', error_description: 'Acme Error - 403 error getting user info' },
        ],
        ...(
          [
            ['another issuer', (claims) => ({ ...claims, iss: 'https://evil.example.com' })],
            ['another audience', (claims) => ({ ...claims, aud: 'another' })],
            ['another nonce', (claims) => ({ ...claims, nonce: 'of another sign-in' })],
            ['no nonce', ({ nonce: _, ...claims }) => claims],
            ['an end in the past', (claims) => ({ ...claims, exp: Number(claims.iat) - 60 })],
            ['another subject than the user info', (claims) => ({ ...claims, sub: 'bob' })],
          ] satisfies [string, (claims: Record<string, unknown>) => Record<string, unknown>][]
        ).map(([what, spoiling]): [string, (acme: Acme) => void, Record<string, string>] => [
          `an ID token with ${what}`,
          (acme) => acme.spoil(spoiling),
          { error: 'invalid_request', error_description: 'Bad id_token' },
        ]),
        [
          'an ID token that somebody else signed',
          () => server().documents.serve(endpoints.jwks_uri, () => othersKeys),
          { error: 'invalid_request', error_description: 'Bad id_token' },
        ],
      ]
      for (const [name, spoil, expected] of rows) {
        test(`tells the app of ${name}`, async () => {
          acme = await startAcme(server())
          const browser = browserAt(server)
          const back = acme.signsIn(await browser.sentTo(authorizeUrl(place)), ada)
          spoil(acme, back)
          const url = await browser.sentTo(`${back.pathname}${back.search}`)
          assert.equal(`${url.origin}${url.pathname}`, callback)
          assert.deepEqual(parametersOf(url), { ...expected, state: 'the-apps-own' })
          acme = await startAcme(server())
        })
      }
    })
  })
})
