/** An OpenID Connect provider for tests, and the browser that goes there and comes back. */

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
  CreateUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Answered, OutboundRequest } from '../src/ports/outbound.ts'
import { clientOf, type Place } from './accounts.ts'
import { createPool } from './fixtures.ts'
import type { TestServer } from './harness.ts'
import { discovery, discoveryUrl, endpoints, issuer, oidcDetails, providersAt } from './providers.ts'

type Claims = Readonly<Record<string, unknown>>
type Texts = Readonly<Record<string, string>>

export const callback = 'https://app.example.com/back'

/** What the users of an app sign in with: the name of the provider as the pool has it. */
export const acme = 'Acme'

export const openClient: Partial<CreateUserPoolClientCommandInput> = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['code', 'implicit'],
  AllowedOAuthScopes: ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'],
  CallbackURLs: [callback],
  SupportedIdentityProviders: ['COGNITO', acme],
}

/** A pool with a domain, and a client whose users may sign in at Acme. */
export async function federatedPlace(
  server: TestServer,
  input: {
    readonly pool?: Partial<CreateUserPoolCommandInput>
    readonly client?: Partial<CreateUserPoolClientCommandInput>
    readonly mapping?: Record<string, string>
  } = {},
): Promise<Place> {
  const UserPoolId = await createPool(server, { MfaConfiguration: 'OFF', ...input.pool })
  await giveDomain(server, UserPoolId)
  server.documents.put(discoveryUrl, JSON.stringify(discovery))
  await providersAt(() => server).create(UserPoolId, acme, {
    ProviderType: 'OIDC',
    ProviderDetails: oidcDetails,
    AttributeMapping: input.mapping ?? { email: 'email', name: 'name' },
  })
  return clientOf(server, UserPoolId, { ...openClient, ...input.client })
}

/** By a name without letters that could make up one of the words which AWS keeps to itself. */
export const giveDomain = (server: Pick<TestServer, 'client'>, UserPoolId: string) =>
  server.client.send(
    new CreateUserPoolDomainCommand({ UserPoolId, Domain: `d-${Buffer.from(UserPoolId).toString('hex')}` }),
  )

/** How an app asks; a value of undefined leaves a parameter out. */
export function authorizeUrl(
  { ClientId }: Place,
  parameters: Readonly<Record<string, string | undefined>> = {},
): string {
  const all = {
    client_id: ClientId,
    redirect_uri: callback,
    response_type: 'code',
    identity_provider: acme,
    state: 'the-apps-own',
    ...parameters,
  }
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return `/oauth2/authorize?${new URLSearchParams(given)}`
}

/** A browser, at an address: it follows nothing by itself, and keeps cookies. */
export function browserAt(server: () => TestServer, address?: string) {
  const cookies = new Map<string, string>()
  const go = async (path: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await server().web(path, { ...init, headers: { ...init.headers, cookie } }, address)
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return response
  }
  /** Where a page sends the browser. */
  const sentTo = async (path: string, init?: RequestInit): Promise<URL> => {
    const response = await go(path, init)
    assert.equal(response.status, 302, await response.text())
    return new URL(response.headers.get('location') ?? '', 'http://localhost:9229')
  }
  return { go, sentTo, cookies }
}

export type Browser = ReturnType<typeof browserAt>

/** The provider, at the endpoints of its discovery document. It believes nobody. */
export async function startAcme(server: TestServer) {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'acme', alg: 'ES256', use: 'sig' }
  const codes = new Map<string, { request: URL; claims: Claims; userInfo: Claims }>()
  const tokens = new Map<string, Claims>()
  /** What is wrong with the answers that follow. */
  let spoil: (claims: Claims) => Claims = (claims) => claims
  let failing: Answered | undefined

  const json = (body: unknown, status = 200): Answered => ({
    status,
    body: JSON.stringify(body),
    contentType: 'application/json',
  })
  const refuse = (error: string, error_description: string) => json({ error, error_description }, 400)

  async function token({ method, body = '' }: OutboundRequest): Promise<Answered> {
    if (failing !== undefined) return failing
    const form = new URLSearchParams(body)
    const known = codes.get(form.get('code') ?? '')
    if (method !== 'POST' || known === undefined) return refuse('invalid_grant', 'no such code')
    codes.delete(form.get('code') ?? '')
    const asked = known.request.searchParams
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (form.get('client_secret') !== oidcDetails.client_secret)
      return refuse('invalid_client', 'who are you')
    if (form.get('redirect_uri') !== asked.get('redirect_uri'))
      return refuse('invalid_grant', 'not from there')
    if (verifier !== asked.get('code_challenge')) return refuse('invalid_grant', 'not your code')
    const now = Math.floor(server.clock.now / 1000)
    const claims = spoil({
      iss: issuer,
      aud: oidcDetails.client_id,
      iat: now,
      exp: now + 300,
      nonce: asked.get('nonce'),
      ...known.claims,
    })
    const access_token = `of ${form.get('code')}`
    tokens.set(access_token, known.userInfo)
    return json({
      access_token,
      token_type: 'Bearer',
      expires_in: 300,
      id_token: await new SignJWT(claims as Record<string, unknown>)
        .setProtectedHeader({ alg: 'ES256', kid: 'acme' })
        .sign(privateKey),
    })
  }

  server.documents.serve(endpoints.token_url, token)
  server.documents.serve(endpoints.jwks_uri, () => json({ keys: [jwk] }))
  server.documents.serve(endpoints.attributes_url, ({ headers }) => {
    const known = tokens.get((headers.authorization ?? '').replace(/^Bearer /, ''))
    return known === undefined ? json({}, 401) : json(known)
  })
  return {
    /** Somebody signs in there; returns where they are sent back to. */
    signsIn(request: URL, claims: Claims & { readonly sub: string }, userInfo: Claims = {}): URL {
      assert.equal(`${request.origin}${request.pathname}`, endpoints.authorize_url)
      const code = `code-${codes.size}-${claims.sub}-${request.searchParams.get('nonce')}`
      codes.set(code, { request, claims, userInfo: { sub: claims.sub, ...userInfo } })
      const back = new URL(request.searchParams.get('redirect_uri') ?? '')
      back.search = new URLSearchParams({ code, state: request.searchParams.get('state') ?? '' }).toString()
      return back
    },
    spoil(spoiling: typeof spoil) {
      spoil = spoiling
    },
    fail(answer: Answered | undefined) {
      failing = answer
    },
  }
}

export type Acme = Awaited<ReturnType<typeof startAcme>>

/** The whole way of somebody at Acme, from the app and back to it. */
export async function comeBy(
  browser: Browser,
  acme: Acme,
  place: Place,
  claims: Claims & { readonly sub: string },
  options: {
    readonly parameters?: Readonly<Record<string, string | undefined>>
    readonly userInfo?: Claims
  } = {},
): Promise<URL> {
  const request = await browser.sentTo(authorizeUrl(place, options.parameters))
  const back = acme.signsIn(request, claims, options.userInfo)
  return browser.sentTo(`${back.pathname}${back.search}`)
}

/** What the token endpoint answers to a code. */
export async function exchange(
  server: TestServer,
  { ClientId }: Place,
  parameters: Readonly<Record<string, string>>,
  headers: Texts = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await server.web('/oauth2/token', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: ClientId,
      redirect_uri: callback,
      ...parameters,
    }).toString(),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
