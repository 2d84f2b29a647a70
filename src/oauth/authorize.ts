import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import {
  authorizationRequest,
  isRedirectOf,
  mustBeStorable,
  type Parameters,
} from '../domain/authorization.ts'
import type { IdentityProvider } from '../domain/identity-provider.ts'
import { OAuthError } from '../domain/oauth-error.ts'
import { comeBack, offers, visit, visitOf } from '../flows/federation.ts'
import { definedScopes } from '../flows/resource-servers.ts'
import type { App } from '../ports/app.ts'
import { callbackUrl, refusalUrl } from './callback.ts'
import { callOf, type Party, partyOf } from './party.ts'

/** The cookie that binds a sign-in at an identity provider to the browser which began it. */
const browserCookie = 'csrf-state'

/**
 * `GET /oauth2/authorize`: sends the user on to sign in. Where it is not known whom the user may be sent back to, they stay
 * here and are shown an error; everything else that is wrong is told to the app.
 */
export async function authorize(app: App, context: Context): Promise<Response> {
  const parameters = context.req.query()
  const { client_id: id, redirect_uri: redirectUri } = parameters
  if (!id || !redirectUri) return toErrorPage(context, { error: 'Required parameters missing' })
  const party = await partyOf(app, id, context)
  // The text is a community's memory of it.
  if (party === undefined) return toErrorPage(context, { error: 'Client does not exist' })
  if (!isRedirectOf(party.client, redirectUri))
    return toErrorPage(context, { error: 'redirect_mismatch', client_id: id })
  const elsewhere = whereCookiesWork(party, new URL(context.req.url))
  if (elsewhere !== undefined) return context.redirect(elsewhere)
  const { response_type: responseType, state } = parameters
  try {
    return await goOn(app, context, party, redirectUri, parameters)
  } catch (error) {
    const target = { redirectUri, responseType: responseType === 'token' ? 'token' : 'code', state } as const
    return context.redirect(refusalUrl(app, target, error))
  }
}

/** A browser that calls this machine by a number is sent back to its name, and there has no cookie of the number's. */
function whereCookiesWork({ origin }: Party, asked: URL): string | undefined {
  const named = new URL(origin).hostname === 'localhost'
  return named && ['127.0.0.1', '[::1]'].includes(asked.hostname)
    ? `${origin}${asked.pathname}${asked.search}`
    : undefined
}

async function goOn(
  app: App,
  context: Context,
  party: Party,
  redirectUri: string,
  parameters: Parameters,
): Promise<Response> {
  const { pool, client, origin } = party
  mustBeStorable(parameters)
  const defined = await definedScopes(app.store, pool, client.settings.AllowedOAuthScopes ?? [])
  const request = authorizationRequest(client, redirectUri, parameters, defined)
  const prompts = parameters.prompt?.split(' ') ?? []
  // Nobody is signed in at these endpoints before managed login is served.
  if (prompts.includes('none')) throw new OAuthError('login_required')
  const provider = await providerOf(app, party, parameters)
  if (provider === 'none') return context.redirect(`${origin}/login?${new URLSearchParams(parameters)}`)
  if (provider === 'unknown')
    return toErrorPage(context, {
      error: 'Login option is not available. Please try another one',
      client_id: client.id,
    })
  const { prompt, login_hint } = parameters
  const url = await visit(callOf(app, party, context), provider, request, {
    redirectUri: `${origin}/oauth2/idpresponse`,
    browser: browserOf(app, context, origin),
    hints: { ...(prompt && { prompt }), ...(login_hint && { login_hint }) },
  })
  return context.redirect(url)
}

/**
 * Who is to say who the user is: the provider that the request names, or the only one that the client offers; none where the
 * user is still to choose.
 */
async function providerOf(
  { store }: App,
  { pool, client }: Party,
  { identity_provider: name, idp_identifier: identifier }: Parameters,
): Promise<IdentityProvider | 'none' | 'unknown'> {
  const offered = client.settings.SupportedIdentityProviders ?? []
  const only = offered.length === 1 ? offered[0] : undefined
  const named = name ?? (identifier === undefined ? only : undefined)
  if (named === 'COGNITO' || (named === undefined && identifier === undefined)) return 'none'
  const provider =
    named === undefined
      ? await store.identityProviders.findByIdentifier(pool.id, identifier ?? '')
      : await store.identityProviders.find(pool.id, named)
  return provider && offers(client, provider.name) ? provider : 'unknown'
}

/** What is known to this browser and nobody else; several sign-ins may be under way in it. */
function browserOf(app: App, context: Context, origin: string): string {
  const known = getCookie(context, browserCookie)
  const browser = known ?? app.random.uuid()
  const secure = origin.startsWith('https:')
  setCookie(context, browserCookie, browser, {
    path: '/oauth2',
    httpOnly: true,
    secure,
    // Apple's answer is a form that another site sends.
    sameSite: secure ? 'None' : 'Lax',
    maxAge: 3600,
  })
  return browser
}

/** `GET` and `POST /oauth2/idpresponse`: where identity providers send users back to. */
export async function idpResponse(app: App, context: Context): Promise<Response> {
  const parameters = await returned(context)
  const visiting = await visitOf(
    app,
    parameters.state ?? '',
    getCookie(context, browserCookie),
    app.clock.now(),
  )
  // ours
  if (visiting === undefined)
    return toErrorPage(context, { error: 'The sign-in has expired. Please try again' })
  const { request } = visiting
  try {
    const call = callOf(app, visiting, context)
    return context.redirect(callbackUrl(request, await comeBack(call, visiting, parameters)))
  } catch (error) {
    return context.redirect(refusalUrl(app, request, error))
  }
}

async function returned(context: Context): Promise<Parameters> {
  if (context.req.method === 'GET') return context.req.query()
  return Object.fromEntries(new URLSearchParams(await context.req.text()))
}

const toErrorPage = (context: Context, parameters: Parameters): Response =>
  context.redirect(`/error?${new URLSearchParams(parameters)}`)
