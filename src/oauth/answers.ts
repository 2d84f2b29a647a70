import type { OAuthError } from '../domain/oauth-error.ts'
import type { App } from '../ports/app.ts'

/** The headers of every answer that is JSON. */
export const jsonHeaders = (app: App) => ({
  'cache-control': 'no-store',
  pragma: 'no-cache',
  'x-amz-cognito-request-id': app.random.uuid(),
  'content-type': 'application/json;charset=UTF-8',
})

/** A refusal in JSON: RFC 6749, 5.2. */
export const refusalBody = ({ code, description }: OAuthError): string =>
  JSON.stringify({ error: code, ...(description !== undefined && { error_description: description }) })
