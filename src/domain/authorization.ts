import { hash } from 'node:crypto'
import { type Instant, minutes } from '../lib/instant.ts'
import type { Client } from './client.ts'
import type { ClientId, Username, UserPoolId } from './ids.ts'
import { OAuthError } from './oauth-error.ts'
import { needOpenid, standardScopes } from './scopes.ts'
import type { TokenOverrides } from './trigger-tokens.ts'

/**
 * What an app may ask of the authorize endpoint, and the code that it is answered with. Sources: RFC 6749 and 7636; developer
 * guide, "Authorize endpoint"; where the two differ from what was observed, what was observed.
 */

/** The parameters of a request, by name. */
export type Parameters = Readonly<Record<string, string>>

/** No database can look for the one character that none keeps. @throws OAuthError */
export function mustBeStorable(parameters: Parameters): void {
  if (Object.values(parameters).some((value) => value.includes('\0'))) throw new OAuthError('invalid_request')
}

/** A request that is in order. */
export interface AuthorizationRequest {
  readonly clientId: ClientId
  readonly redirectUri: string
  readonly responseType: 'code' | 'token'
  readonly scopes: readonly string[]
  readonly state?: string
  readonly nonce?: string
  /** Of RFC 7636, by S256. */
  readonly codeChallenge?: string
}

/** Whether a client is one that users come back to, at this address: compared as texts, to the last slash. */
export const isRedirectOf = ({ settings }: Client, uri: string): boolean =>
  settings.CallbackURLs?.includes(uri) ?? false

/**
 * The request as its parameters make it. `defined` are those of the client's scopes that resource servers define today.
 * @throws OAuthError, to be told where the user comes back to
 */
export function authorizationRequest(
  client: Client,
  redirectUri: string,
  parameters: Parameters,
  defined: ReadonlySet<string>,
): AuthorizationRequest {
  const { response_type: type, state, nonce, code_challenge: challenge } = parameters
  if (type !== 'code' && type !== 'token') throw new OAuthError('invalid_request')
  checkChallenge(challenge, parameters.code_challenge_method)
  const { AllowedOAuthFlowsUserPoolClient: enabled, AllowedOAuthFlows: flows = [] } = client.settings
  if (!enabled || !flows.includes(type === 'code' ? 'code' : 'implicit'))
    throw new OAuthError('unauthorized_client')
  return {
    clientId: client.id,
    redirectUri,
    responseType: type,
    scopes: grantedScopes(client, parameters.scope, defined),
    ...(state && { state }),
    ...(nonce && { nonce }),
    ...(challenge && { codeChallenge: challenge }),
  }
}

/** A SHA-256 in base64url is all that a challenge can be. @throws OAuthError */
function checkChallenge(challenge: string | undefined, method: string | undefined): void {
  if (challenge === undefined && method === undefined) return
  if (method !== 'S256' || !/^[A-Za-z0-9_-]{43}$/.test(challenge ?? ''))
    throw new OAuthError('invalid_request')
}

/**
 * The scopes that were asked for; all of the client's where none was. One that the client does not have refuses the whole
 * request, in the live service's own way of saying so.
 * @throws OAuthError
 */
function grantedScopes(client: Client, asked: string | undefined, defined: ReadonlySet<string>): string[] {
  const own = (client.settings.AllowedOAuthScopes ?? []).filter(
    (scope) => standardScopes.has(scope) || defined.has(scope),
  )
  const scopes = [...new Set(asked?.split(' ').filter((scope) => scope !== ''))]
  if (scopes.length === 0) return own
  const orphaned = !scopes.includes('openid') && scopes.some((scope) => needOpenid.has(scope))
  if (orphaned || scopes.some((scope) => !own.includes(scope)))
    throw new OAuthError('invalid_request', 'invalid_scope')
  return scopes
}

/** Until an authorization code is worth nothing. */
export const authorizationCodeLifetime = minutes(5)

/** What a code stands for: who has signed in, and what an app may have of it. */
export interface AuthorizationCode {
  readonly poolId: UserPoolId
  /** SHA-256 of the code, hexadecimal. */
  readonly digest: string
  readonly expiresAt: Instant
  readonly clientId: ClientId
  readonly username: Username
  readonly authTime: Instant
  /** The `event_id` of all tokens that come of it. */
  readonly eventId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly nonce?: string
  readonly codeChallenge?: string
  /** What PreTokenGeneration has changed in the tokens to come: it was asked when the user signed in. */
  readonly overrides?: TokenOverrides
}

/** Whether a verifier is that of the challenge. A code that was asked for without one takes none. */
export function provesChallenge({ codeChallenge }: AuthorizationCode, verifier: string | undefined): boolean {
  if (codeChallenge === undefined || verifier === undefined) return codeChallenge === verifier
  return hash('sha256', verifier, 'base64url') === codeChallenge
}
