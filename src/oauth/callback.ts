import type { AuthorizationRequest } from '../domain/authorization.ts'
import { Fault } from '../domain/faults.ts'
import { OAuthError } from '../domain/oauth-error.ts'
import type { Granted } from '../flows/authorization.ts'
import type { App } from '../ports/app.ts'

/** Where an app is, and what it wants along. */
type Target = Pick<AuthorizationRequest, 'redirectUri' | 'responseType'> & {
  readonly state?: string | undefined
}

/** Where the user goes with what the app is granted: a code in the query, tokens in the fragment. */
export function callbackUrl(target: Target, granted: Granted): string {
  if (granted.kind === 'code') return withParameters(target, { code: granted.code })
  const { accessToken, idToken, expiresIn } = granted.tokens
  return withParameters(target, {
    id_token: idToken,
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: String(expiresIn),
  })
}

/** Where the user goes with a refusal. The order of the three is that of the live service. */
export function refusalUrl(app: App, target: Target, error: unknown): string {
  const { code, description } = refusalOf(app, error)
  const { state: _, ...bare } = target
  const text = description?.slice(0, longestDescription)
  return withParameters(bare, { error_description: text, state: target.state, error: code })
}

/** In characters: a function may say more than an address can hold. */
const longestDescription = 1024

/** What refuses a sign-in is told to the app in its own words, as an invalid request: so the live service does. */
function refusalOf(app: App, error: unknown): Pick<OAuthError, 'code' | 'description'> {
  if (error instanceof OAuthError) return error
  if (error instanceof Fault) return { code: 'invalid_request', description: wordsOf(error) }
  app.journal.error('unexpected failure', { endpoint: 'oauth2', error })
  return { code: 'server_error', description: undefined }
}

/** Behind what a function has said there is a space: captured by many. */
const wordsOf = ({ code, message }: Fault): string => (code === 'TriggerFailed' ? `${message} ` : message)

function withParameters(
  { redirectUri, responseType, state }: Target,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const given = Object.entries({ ...parameters, ...(state !== undefined && { state }) })
  const query = new URLSearchParams(
    given.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])),
  )
  // Joined as text: a parser would write the address anew, which apps with schemes of their own would not know again.
  if (responseType === 'token') return `${redirectUri}#${query}`
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`
}
