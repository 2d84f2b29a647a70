import type { Context } from 'hono'
import { OAuthError } from '../domain/oauth-error.ts'
import type { App } from '../ports/app.ts'
import { jsonHeaders, refusalBody } from './answers.ts'
import { authenticated, form } from './client-request.ts'
import { authorizationCode } from './grants/authorization-code.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import type { Grant } from './grants/grant.ts'
import { refreshToken } from './grants/refresh-token.ts'

const grants: ReadonlyMap<string | undefined, Grant> = new Map([
  ['authorization_code', authorizationCode],
  ['client_credentials', clientCredentials],
  ['refresh_token', refreshToken],
])

/** `POST /oauth2/token` */
export async function token(app: App, context: Context): Promise<Response> {
  const headers = jsonHeaders(app)
  try {
    const parameters = await form(context)
    const call = await authenticated(app, context, parameters)
    const grant = grants.get(parameters.grant_type)
    if (grant === undefined)
      throw new OAuthError(parameters.grant_type ? 'unsupported_grant_type' : 'invalid_request')
    return context.body(JSON.stringify(await grant(call, parameters)), 200, headers)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return context.body(refusalBody(error), 400, headers)
  }
}
