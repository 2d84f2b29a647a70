import type { Parameters } from '../../domain/authorization.ts'
import type { SignIn } from '../../flows/step.ts'
import type { IssuedTokens } from '../../flows/tokens.ts'

/** What the token endpoint answers. Source: RFC 6749, 5.1. */
export interface TokenResponse {
  readonly id_token?: string | undefined
  readonly access_token: string
  readonly refresh_token?: string | undefined
  readonly expires_in: number
  readonly token_type: 'Bearer'
}

/** One way to tokens, for a client that has shown who it is. @throws OAuthError */
export type Grant = (call: SignIn, parameters: Parameters) => Promise<TokenResponse>

export const tokenResponse = (tokens: IssuedTokens): TokenResponse => ({
  id_token: tokens.idToken,
  access_token: tokens.accessToken,
  refresh_token: tokens.refreshToken,
  expires_in: tokens.expiresIn,
  token_type: 'Bearer',
})
