import type { Context } from 'hono'
import { canRead } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import type { ClientId } from '../domain/ids.ts'
import { showAttribute } from '../domain/scopes.ts'
import { type TokenBearer, verifyAccessToken } from '../flows/tokens.ts'
import type { App } from '../ports/app.ts'
import { jsonHeaders } from './answers.ts'

/** `GET` and `POST /oauth2/userInfo`: what the scopes of an access token show of its user, as texts all of it. */
export async function userInfo(app: App, context: Context): Promise<Response> {
  const headers = jsonHeaders(app)
  const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(context.req.header('authorization') ?? '') ?? []
  if (token === undefined) return refuse(context, headers, badRequest)
  try {
    const bearer = await verifyAccessToken(app, token, app.clock.now(), undefined)
    if (!bearer.scopes.includes('openid')) return refuse(context, headers, badToken)
    return context.body(JSON.stringify(await shown(app, bearer)), 200, headers)
  } catch (error) {
    if (error instanceof Fault) return refuse(context, headers, badToken)
    throw error
  }
}

async function shown(app: App, { pool, user, scopes, clientId }: TokenBearer) {
  const client = await app.store.clients.find(pool.id, clientId as ClientId)
  const attributes = Object.entries(user.attributes).filter(
    ([name]) => client && canRead(client.settings, name) && showAttribute(scopes, name),
  )
  return { sub: user.sub, ...Object.fromEntries(attributes), username: user.username }
}

/** Source of both: developer guide, "The user attributes endpoint". */
const badToken = {
  status: 401,
  error: 'invalid_token',
  description: 'Access token is expired, disabled, or deleted, or the user has globally signed out.',
} as const
const badRequest = {
  status: 400,
  error: 'invalid_request',
  description: 'Bad OAuth2 request at UserInfo Endpoint',
} as const

function refuse(
  context: Context,
  headers: Record<string, string>,
  { status, error, description }: typeof badToken | typeof badRequest,
): Response {
  const challenge = `error="${error}", error_description="${description}"`
  const body = JSON.stringify({ error, error_description: description })
  return context.body(body, status, { ...headers, 'www-authenticate': challenge })
}
