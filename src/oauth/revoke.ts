import type { Context } from 'hono'
import { Fault } from '../domain/faults.ts'
import { OAuthError } from '../domain/oauth-error.ts'
import { revokeRefreshToken } from '../flows/sessions.ts'
import type { App } from '../ports/app.ts'
import { jsonHeaders, refusalBody } from './answers.ts'
import { authenticated, form } from './client-request.ts'

/** `POST /oauth2/revoke`: RFC 7009. A token that nobody knows is as good as revoked. */
export async function revoke(app: App, context: Context): Promise<Response> {
  const headers = jsonHeaders(app)
  try {
    const parameters = await form(context)
    const { pool, client, now } = await authenticated(app, context, parameters)
    if (!parameters.token) throw new OAuthError('invalid_request')
    await revokeRefreshToken(app, pool, client, { token: parameters.token, associated: undefined }, now)
    return context.body(null, 200, headers)
  } catch (error) {
    const refused = asOAuth(error)
    return context.body(refusalBody(refused), refused.code === 'invalid_client' ? 401 : 400, headers)
  }
}

function asOAuth(error: unknown): OAuthError {
  if (error instanceof OAuthError) return error
  if (!(error instanceof Fault)) throw error
  if (error.code === 'UnsupportedTokenType') return new OAuthError('unsupported_token_type')
  return new OAuthError(error.code === 'ClientUnauthorized' ? 'unauthorized_client' : 'invalid_request')
}
