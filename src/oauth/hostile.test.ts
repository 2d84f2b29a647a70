import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Place } from '../../test/accounts.ts'
import { onEachStore } from '../../test/harness.ts'
import { callback, federatedPlace, startAcme } from '../../test/identity-provider.ts'

/** Every parameter that some endpoint reads, right in part, so that wrong ones get far. */
const names = [
  'client_id',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
  'nonce',
  'identity_provider',
  'idp_identifier',
  'code_challenge',
  'code_challenge_method',
  'prompt',
  'login_hint',
  'grant_type',
  'code',
  'code_verifier',
  'refresh_token',
  'client_secret',
  'aws_client_metadata',
  'token',
  'error',
  'error_description',
]

describe('whatever comes to the OAuth endpoints', () => {
  onEachStore((server) => {
    let place: Place
    before(async () => {
      await startAcme(server())
      place = await federatedPlace(server())
    })

    test('is answered: with no error of the server’s, and to no address but the app’s and the provider’s', async () => {
      const text = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom(
          '',
          '\0',
          'a\0b',
          '%00',
          '\ud800',
          '__proto__',
          "' or 1=1 --",
          'openid email',
          'COGNITO',
          '..//',
        ),
      )
      const right = (name: string) =>
        ({
          client_id: place.ClientId,
          redirect_uri: callback,
          response_type: 'code',
          identity_provider: 'Acme',
          grant_type: 'authorization_code',
        })[name]
      const value = (name: string) =>
        fc.oneof({ weight: 3, arbitrary: fc.constant(right(name)) }, { weight: 1, arbitrary: text })
      const parameters = fc.record(
        Object.fromEntries(names.map((name) => [name, fc.option(value(name), { nil: undefined })])),
      )
      const path = fc.constantFrom(
        'GET /oauth2/authorize',
        'GET /oauth2/idpresponse',
        'POST /oauth2/idpresponse',
        'POST /oauth2/token',
        'POST /oauth2/revoke',
        'GET /login',
        'GET /error',
      )
      await fc.assert(
        fc.asyncProperty(path, parameters, text, async (endpoint, given, header) => {
          const [method = '', address = ''] = endpoint.split(' ')
          const query = new URLSearchParams(
            Object.entries(given).flatMap(([name, value]): [string, string][] =>
              value === undefined ? [] : [[name, value]],
            ),
          )
          const authorization = `Basic ${Buffer.from(header).toString('base64')}`
          const response = await server().web(method === 'GET' ? `${address}?${query}` : address, {
            method,
            headers: { authorization, cookie: `csrf-state=${encodeURIComponent(header.toWellFormed())}` },
            ...(method === 'POST' && { body: query }),
          })
          assert.ok(response.status < 500, `${endpoint} ${query}: ${response.status}`)
          const location = response.headers.get('location')
          if (location === null) return
          const { origin } = new URL(location, 'http://localhost:9229')
          const known = ['http://localhost:9229', new URL(callback).origin, 'https://id.example.com']
          assert.ok(known.includes(origin), location)
        }),
        { numRuns: 1500 },
      )
    })

    test('is answered where a token is asked for by any header', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ maxLength: 60 }), async (token) => {
          const header = token.replaceAll(/[^\x21-\x7e]/g, '')
          const headers = { authorization: `Bearer ${header}` }
          const response = await server().web('/oauth2/userInfo', { headers })
          assert.ok([400, 401].includes(response.status), header)
        }),
        { numRuns: 300 },
      )
    })
  })
})
