import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type AuthorizationCode,
  authorizationRequest,
  type Parameters,
  provesChallenge,
} from './authorization.ts'
import type { Client, ClientSettings } from './client.ts'
import { OAuthError } from './oauth-error.ts'

const uri = 'https://app.example.com/back'
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

const settings: Partial<ClientSettings> = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['code'],
  AllowedOAuthScopes: ['openid', 'email', 'api/read', 'api/gone'],
}

const request = (parameters: Parameters, changed: Partial<ClientSettings> = {}) => {
  const client = { id: 'the-client', settings: { ...settings, ...changed } } as unknown as Client
  return authorizationRequest(client, uri, { response_type: 'code', ...parameters }, new Set(['api/read']))
}

describe('what an app may ask for', () => {
  const whole = { clientId: 'the-client', redirectUri: uri, responseType: 'code' }
  const rows: readonly [string, Parameters, Record<string, unknown>][] = [
    ['all that the client has, where nothing is said', {}, { scopes: ['openid', 'email', 'api/read'] }],
    ['the same for an empty scope', { scope: '' }, { scopes: ['openid', 'email', 'api/read'] }],
    ['scopes of its own', { scope: 'openid email' }, { scopes: ['openid', 'email'] }],
    ['each once', { scope: 'openid  openid' }, { scopes: ['openid'] }],
    ['a scope of a resource server', { scope: 'api/read' }, { scopes: ['api/read'] }],
    [
      'state and nonce',
      { scope: 'openid', state: 's', nonce: 'n' },
      { scopes: ['openid'], state: 's', nonce: 'n' },
    ],
    ['no empty state', { scope: 'openid', state: '', nonce: '' }, { scopes: ['openid'] }],
    [
      'a challenge by S256',
      { scope: 'openid', code_challenge: challenge, code_challenge_method: 'S256' },
      { scopes: ['openid'], codeChallenge: challenge },
    ],
  ]
  for (const [name, parameters, expected] of rows) {
    test(name, () => assert.deepEqual(request(parameters), { ...whole, ...expected }))
  }
})

describe('what it may not', () => {
  const scopeRefused = ['invalid_request', 'invalid_scope']
  const rows: readonly [string, Parameters, readonly (string | undefined)[], Partial<ClientSettings>?][] = [
    ['a response type of no kind', { response_type: 'id_token' }, ['invalid_request', undefined]],
    ['a challenge without a method', { code_challenge: challenge }, ['invalid_request', undefined]],
    ['a method without a challenge', { code_challenge_method: 'S256' }, ['invalid_request', undefined]],
    [
      'a challenge that is its verifier',
      { code_challenge: challenge, code_challenge_method: 'plain' },
      ['invalid_request', undefined],
    ],
    [
      'a challenge that is no digest',
      { code_challenge: 'short', code_challenge_method: 'S256' },
      ['invalid_request', undefined],
    ],
    ['tokens where codes are allowed', { response_type: 'token' }, ['unauthorized_client', undefined]],
    [
      'anything, where OAuth is off',
      {},
      ['unauthorized_client', undefined],
      { AllowedOAuthFlowsUserPoolClient: false },
    ],
    [
      'a code for a machine',
      {},
      ['unauthorized_client', undefined],
      { AllowedOAuthFlows: ['client_credentials'] },
    ],
    ['a scope that nobody knows', { scope: 'openid offline_access' }, scopeRefused],
    ['a scope of another client', { scope: 'openid profile' }, scopeRefused],
    ['a scope whose definition is gone', { scope: 'api/gone' }, scopeRefused],
    ['an address without an ID token', { scope: 'email' }, scopeRefused],
  ]
  for (const [name, parameters, [code, description], changed] of rows) {
    test(name, () =>
      assert.throws(
        () => request(parameters, changed),
        (error) => error instanceof OAuthError && error.code === code && error.description === description,
      ),
    )
  }
})

test('implicit tokens, where the client allows them', () => {
  const asked = request({ response_type: 'token', scope: 'openid' }, { AllowedOAuthFlows: ['implicit'] })
  assert.equal(asked.responseType, 'token')
})

describe('a verifier proves its challenge and no other (RFC 7636, appendix B)', () => {
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
  const rows: readonly [string, string | undefined, string | undefined, boolean][] = [
    ['its own', challenge, verifier, true],
    ['another', challenge, `${verifier}x`, false],
    ['none', challenge, undefined, false],
    ['the challenge itself', challenge, challenge, false],
    ['none for none', undefined, undefined, true],
    ['one for none', undefined, verifier, false],
  ]
  for (const [name, codeChallenge, given, expected] of rows) {
    const code = { codeChallenge } as AuthorizationCode
    test(name, () => assert.equal(provesChallenge(code, given), expected))
  }
})
