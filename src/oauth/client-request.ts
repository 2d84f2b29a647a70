import type { Context } from 'hono'
import { mustBeStorable, type Parameters } from '../domain/authorization.ts'
import { OAuthError } from '../domain/oauth-error.ts'
import { isClientSecret } from '../flows/client-secrets.ts'
import type { SignIn } from '../flows/step.ts'
import type { App } from '../ports/app.ts'
import { callOf, partyOf } from './party.ts'

/** A request that a client makes by itself: its parameters are a form, and it proves who it is. */

/** @throws OAuthError */
export async function form(context: Context): Promise<Parameters> {
  const type = context.req.header('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded(;|$)/i.test(type)) throw new OAuthError('invalid_request')
  const entries = [...new URLSearchParams(await context.req.text())]
  // No parameter more than once: RFC 6749, 3.2.
  if (new Set(entries.map(([name]) => name)).size < entries.length) throw new OAuthError('invalid_request')
  const parameters = Object.fromEntries(entries)
  mustBeStorable(parameters)
  return parameters
}

/**
 * The client that calls: by HTTP Basic, or by parameters; one without a secret by its id alone.
 * @throws OAuthError
 */
export async function authenticated(app: App, context: Context, parameters: Parameters): Promise<SignIn> {
  const header = context.req.header('authorization')
  const basic = header === undefined ? undefined : credentials(header)
  const { client_id, client_secret } = parameters
  if (basic && client_id !== undefined && client_id !== basic.id) throw new OAuthError('invalid_client')
  const { id, secrets } = basic ?? { id: client_id, secrets: [client_secret] }
  if (!id) throw new OAuthError('invalid_request')
  const party = await partyOf(app, id, context)
  if (party === undefined || !secrets.some((secret) => isClientSecret(app, party.client, secret)))
    throw new OAuthError('invalid_client')
  return callOf(app, party, context)
}

/**
 * Both parts are encoded as in a form, says RFC 6749, 2.3.1; many clients send them as they are, and a secret may have a plus
 * sign.
 * @throws OAuthError
 */
function credentials(header: string): { id: string; secrets: readonly (string | undefined)[] } {
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header) ?? []
  const text = Buffer.from(encoded ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1) throw new OAuthError('invalid_client')
  const secret = text.slice(colon + 1)
  return {
    id: decoded(text.slice(0, colon)),
    secrets: secret === '' ? [undefined] : [secret, decoded(secret)],
  }
}

function decoded(text: string): string {
  const [[, value] = ['', '']] = new URLSearchParams(`=${text}`)
  return value
}
