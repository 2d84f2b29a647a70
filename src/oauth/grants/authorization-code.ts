import { OAuthError } from '../../domain/oauth-error.ts'
import { redeem } from '../../flows/authorization.ts'
import { type Grant, tokenResponse } from './grant.ts'

/** RFC 6749, 4.1.3 and RFC 7636, 4.5. */
export const authorizationCode: Grant = async (call, { code, redirect_uri, code_verifier }) => {
  const { AllowedOAuthFlowsUserPoolClient: enabled, AllowedOAuthFlows: flows } = call.client.settings
  if (!enabled || !flows?.includes('code')) throw new OAuthError('unauthorized_client')
  if (!code || !redirect_uri) throw new OAuthError('invalid_request')
  return tokenResponse(await redeem(call, { code, redirectUri: redirect_uri, codeVerifier: code_verifier }))
}
