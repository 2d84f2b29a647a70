import { hash } from 'node:crypto'
import * as client from 'openid-client'
import { type ProviderAnswer, textsOf } from '../../domain/federation.ts'
import type { Instant } from '../../lib/instant.ts'
import { type OidcClient, type OidcProvider, OidcRefusal } from '../../ports/oidc-client.ts'
import { type Outbound, Unreachable } from '../../ports/outbound.ts'

/**
 * The relying party of `openid-client`, whose every request goes out by way of `outbound`. The texts of refusals are those of
 * the developer guide ("Managed login and federation error responses") but for those marked `ours`.
 */
export function openidClient(outbound: Outbound): OidcClient {
  return {
    async authorizationUrl(provider, { redirectUri, state, nonce, codeVerifier }, hints) {
      const parameters = {
        ...hints,
        redirect_uri: redirectUri,
        scope: provider.scope,
        state,
        ...(provider.idToken && { nonce }),
        code_challenge: hash('sha256', codeVerifier, 'base64url'),
        code_challenge_method: 'S256',
      }
      return client.buildAuthorizationUrl(configuration(provider, outbound), parameters).href
    },

    async answer(provider, { redirectUri, state, nonce, codeVerifier }, parameters, now) {
      const config = configuration(provider, outbound, now)
      const current = new URL(redirectUri)
      current.search = new URLSearchParams(parameters).toString()
      const checks = {
        expectedState: state,
        pkceCodeVerifier: codeVerifier,
        ...(provider.idToken && { expectedNonce: nonce }),
      }
      try {
        const tokens = await client.authorizationCodeGrant(config, current, checks)
        const claims = tokens.claims()
        const said = await userInfo(config, provider, tokens.access_token, claims?.sub)
        return {
          // The response has functions too: JSON leaves them out.
          tokenResponse: textsOf(JSON.parse(JSON.stringify(tokens))),
          ...(claims && { idToken: textsOf(claims) }),
          ...(said && { userInfo: textsOf(said) }),
        } satisfies ProviderAnswer
      } catch (error) {
        throw refusalOf(provider, error)
      }
    },
  }
}

/** Every algorithm that a public key can verify; Amazon Cognito takes those with a shared secret too. */
const algorithms = ['RS', 'PS', 'ES'].flatMap((family) => ['256', '384', '512'].map((size) => family + size))

function configuration(provider: OidcProvider, outbound: Outbound, now?: Instant): client.Configuration {
  const { clientId, clientSecret, authorizeUrl, tokenUrl, idToken } = provider
  const server: client.ServerMetadata = {
    // A provider that issues no ID token names no issuer: nothing is compared with this one.
    issuer: idToken?.issuer ?? new URL(tokenUrl).origin,
    authorization_endpoint: authorizeUrl,
    token_endpoint: tokenUrl,
    ...(idToken && {
      jwks_uri: idToken.jwksUrl,
      id_token_signing_alg_values_supported: [...algorithms, 'EdDSA'],
    }),
  }
  // By client_secret_post and nothing else, says the guide.
  const proof = clientSecret === undefined ? client.None() : client.ClientSecretPost(clientSecret)
  const metadata = now === undefined ? {} : { [client.clockSkew]: Math.floor((now - Date.now()) / 1000) }
  const config = new client.Configuration(server, clientId, metadata, proof)
  // Whether an address may be asked without TLS is for `outbound` to say.
  client.allowInsecureRequests(config)
  if (idToken) client.enableNonRepudiationChecks(config)
  config[client.customFetch] = (url, options) => send(outbound, url, options)
  return config
}

async function send(outbound: Outbound, url: string, { method, headers, body }: client.CustomFetchOptions) {
  if (method !== 'GET' && method !== 'POST') throw new Error(`not a method that is asked with: ${method}`)
  const {
    status,
    body: text,
    contentType,
  } = await outbound.send({
    url,
    method,
    headers,
    ...(body && { body: String(body) }),
  })
  const empty = status === 204 || status === 304 || text === ''
  return new Response(empty ? null : text, {
    status,
    ...(contentType !== undefined && { headers: { 'content-type': contentType } }),
  })
}

/** @throws Error also where it speaks of somebody else than the ID token (OpenID Connect Core, 5.3.2) */
async function userInfo(
  config: client.Configuration,
  { userInfo }: OidcProvider,
  accessToken: string,
  subject: string | undefined,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (userInfo === undefined) return undefined
  const { url, method } = userInfo
  const response = await client.fetchProtectedResource(config, accessToken, new URL(url), method)
  if (response.status !== 200) throw new UserInfoRefused(response.status)
  const said: unknown = await response.json()
  if (typeof said !== 'object' || said === null || Array.isArray(said))
    throw new Error('user info that is no object')
  if (subject !== undefined && (said as { sub?: unknown }).sub !== subject)
    throw new Error('user info about somebody else')
  return said as Readonly<Record<string, unknown>>
}

class UserInfoRefused extends Error {
  readonly status: number

  constructor(status: number) {
    super(`user info with status ${status}`)
    this.status = status
  }
}

function refusalOf({ name }: OidcProvider, error: unknown): OidcRefusal {
  const cause = error
  if (error instanceof client.AuthorizationResponseError) {
    return new OidcRefusal(error.error_description ?? error.error, { code: error.error, cause })
  }
  if (error instanceof client.ResponseBodyError) {
    const said = [error.error, error.error_description].filter((part) => part !== undefined)
    return new OidcRefusal(`${name} Error - ${error.status} ${said.join(' ')}`, { code: error.error, cause })
  }
  if (error instanceof UserInfoRefused)
    return new OidcRefusal(`${name} Error - ${error.status} error getting user info`, { cause })
  const unreachable = chainOf(error).find((link) => link instanceof Unreachable)
  if (unreachable !== undefined) {
    const late = chainOf(unreachable).some(({ name }) => name === 'TimeoutError' || name === 'AbortError')
    return new OidcRefusal(late ? 'Timeout occurred in calling IdP token endpoint' : 'Connection reset', {
      cause,
    })
  }
  const response = chainOf(error).find(
    (link): link is Error & { cause: Response } => link.cause instanceof Response,
  )
  if (response !== undefined && response.cause.status >= 400)
    return new OidcRefusal(`${name} Error - ${response.cause.status} error getting token`, { cause })
  // ours
  return new OidcRefusal('Bad id_token', { cause })
}

/** An error and what caused it, outermost first. */
function chainOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...chainOf(error.cause)] : []
}
