import { Fault } from '../../domain/faults.ts'
import { OAuthError } from '../../domain/oauth-error.ts'
import { machineToken } from '../../flows/client-token.ts'
import { definedScopes } from '../../flows/resource-servers.ts'
import type { Grant } from './grant.ts'

/** RFC 6749, 4.4. What is refused, and how, is as it was observed. */
export const clientCredentials: Grant = async ({ app, pool, client, now }, parameters) => {
  const { AllowedOAuthFlowsUserPoolClient: enabled, AllowedOAuthFlows: flows } = client.settings
  if (!enabled || !flows?.includes('client_credentials')) throw new OAuthError('invalid_grant')
  const own = client.settings.AllowedOAuthScopes ?? []
  const asked = parameters.scope?.split(' ').filter((scope) => scope !== '') ?? []
  const wanted = asked.length === 0 ? own : asked
  const defined = await definedScopes(app.store, pool, wanted)
  if (asked.some((scope) => !defined.has(scope))) throw new OAuthError('invalid_scope')
  if (asked.some((scope) => !own.includes(scope))) throw new OAuthError('invalid_grant')
  try {
    const metadata = metadataIn(parameters.aws_client_metadata)
    const { accessToken, expiresIn } = await machineToken(app, pool, client, defined, metadata, now)
    return { access_token: accessToken, expires_in: expiresIn, token_type: 'Bearer' }
  } catch (error) {
    if (error instanceof Fault) throw new OAuthError('invalid_request', error.message, { cause: error })
    throw error
  }
}

/** JSON, for a function of the third version. @throws OAuthError for what is no map of texts */
function metadataIn(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined
  const given = parsed(text)
  const isMap = typeof given === 'object' && given !== null && !Array.isArray(given)
  if (!isMap || Object.values(given).some((value) => typeof value !== 'string'))
    throw new OAuthError('invalid_request')
  return given as Record<string, string>
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is no map either.
    return undefined
  }
}
