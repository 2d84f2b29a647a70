import type { ProviderAnswer } from '../domain/federation.ts'
import type { Instant } from '../lib/instant.ts'

/** An identity provider, as a party to OAuth 2 or OpenID Connect. */
export interface OidcProvider {
  /** As the pool calls it. */
  readonly name: string
  readonly clientId: string
  readonly clientSecret: string | undefined
  readonly scope: string
  readonly authorizeUrl: string
  readonly tokenUrl: string
  /** Of its ID tokens: what they must name as their issuer, and where its keys are. Absent where it issues none. */
  readonly idToken?: { readonly issuer: string; readonly jwksUrl: string }
  readonly userInfo?: { readonly url: string; readonly method: 'GET' | 'POST' }
}

/** A sign-in that is under way at a provider: what binds its answer to the question. */
export interface OidcRequest {
  /** Where the provider sends the user back to. */
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  /** RFC 7636 */
  readonly codeVerifier: string
}

/** The relying party in OpenID Connect: asks identity providers who somebody is. */
export interface OidcClient {
  /** Where the user is sent to sign in. `hints` go along as they are: `prompt`, `login_hint`. */
  readonly authorizationUrl: (
    provider: OidcProvider,
    request: OidcRequest,
    hints: Readonly<Record<string, string>>,
  ) => Promise<string>
  /**
   * What the provider says of the user who comes back with these parameters. The signature, the issuer, the audience, the
   * time and the nonce of its ID token have been looked at.
   * @throws OidcRefusal
   */
  readonly answer: (
    provider: OidcProvider,
    request: OidcRequest,
    parameters: Readonly<Record<string, string>>,
    now: Instant,
  ) => Promise<ProviderAnswer>
}

/** The provider refused, could not be reached, or answered what cannot be believed: in words that the app may be told. */
export class OidcRefusal extends Error {
  override readonly name = 'OidcRefusal'
  /** In place of `invalid_request`: the provider's own code, where it gave one. */
  readonly code: string | undefined

  constructor(message: string, options: { readonly code?: string; readonly cause: unknown }) {
    super(message, { cause: options.cause })
    this.code = options.code
  }
}
