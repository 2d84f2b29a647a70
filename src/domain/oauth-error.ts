/** The error codes of RFC 6749 (4.1.2.1 and 5.2), RFC 7009 (2.2.1) and OpenID Connect Core (3.1.2.6) that an app may be told. */
const codes = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'access_denied',
  'unsupported_grant_type',
  'unsupported_token_type',
  'invalid_scope',
  'server_error',
  'temporarily_unavailable',
  'interaction_required',
  'login_required',
  'account_selection_required',
  'consent_required',
] as const

export type OAuthErrorCode = (typeof codes)[number]

/** A code that somebody else gave, where it is one; what cannot be told is an invalid request. */
export const oauthErrorCode = (text: string | undefined): OAuthErrorCode =>
  codes.find((code) => code === text) ?? 'invalid_request'

/** A refusal of the OAuth endpoints. The service mostly leaves out a description. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: OAuthErrorCode
  readonly description: string | undefined

  constructor(code: OAuthErrorCode, description?: string, options?: ErrorOptions) {
    super(description ?? code, options)
    this.code = code
    this.description = description
  }
}
