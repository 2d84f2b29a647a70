import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import {
  type AuthorizationRequest,
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
export const browserCookie = 'csrf-state'

/** `GET /oauth2/authorize`: sends the user on to sign in. */
export function authorize(app: App, context: Context): Promise<Response> {
  const parameters = context.req.query()
  return asApp(app, context, parameters, async (party, redirectUri) => {
    const elsewhere = whereCookiesWork(party, new URL(context.req.url))
    return elsewhere !== undefined
      ? context.redirect(elsewhere)
      : goOn(app, context, party, redirectUri, parameters)
  })
}

/**
 * Does what an app asks for. Where it is not known whom the user may be sent back to, they stay here and are shown an error;
 * everything else that is wrong is told to the app.
 */
export async function asApp(
  app: App,
  context: Context,
  parameters: Parameters,
  work: (party: Party, redirectUri: string) => Promise<Response>,
): Promise<Response> {
  const { client_id: id, redirect_uri: redirectUri } = parameters
  if (!id || !redirectUri) return toErrorPage(context, { error: 'Required parameters missing' })
  const party = await partyOf(app, id, context)
  // The text is a community's memory of it.
  if (party === undefined) return toErrorPage(context, { error: 'Client does not exist' })
  if (!isRedirectOf(party.client, redirectUri))
    return toErrorPage(context, { error: 'redirect_mismatch', client_id: id })
  const { response_type: responseType, state } = parameters
  try {
    return await work(party, redirectUri)
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
  const { client, origin } = party
  const { request, provider } = await requested(app, party, redirectUri, parameters)
  if (provider === 'none') return context.redirect(`${origin}/login?${new URLSearchParams(parameters)}`)
  if (provider === 'unknown')
    return toErrorPage(context, {
      error: 'Login option is not available. Please try another one',
      client_id: client.id,
    })
  const { prompt, login_hint } = parameters
  const url = await visit(callOf(app, party, context), provider, request, {
    origin,
    browser: browserOf(app, context, origin),
    hints: { ...(prompt && { prompt }), ...(login_hint && { login_hint }) },
  })
  return context.redirect(url)
}

/** What an app asks for, and of whom. @throws OAuthError */
export async function requested(
  app: App,
  party: Party,
  redirectUri: string,
  parameters: Parameters,
): Promise<{ request: AuthorizationRequest; provider: IdentityProvider | 'none' | 'unknown' }> {
  const { pool, client } = party
  mustBeStorable(parameters)
  const defined = await definedScopes(app.store, pool, client.settings.AllowedOAuthScopes ?? [])
  const request = authorizationRequest(client, redirectUri, parameters, defined)
  const prompts = parameters.prompt?.split(' ') ?? []
  // Nobody is signed in at these endpoints before managed login is served.
  if (prompts.includes('none')) throw new OAuthError('login_required')
  return { request, provider: await providerOf(app, party, parameters) }
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
    path: '/',
    httpOnly: true,
    secure,
    // Apple's answer is a form that another site sends, and so is every SAML provider's.
    sameSite: secure ? 'None' : 'Lax',
    maxAge: 3600,
  })
  return browser
}

/** `GET` and `POST /oauth2/idpresponse`: where identity providers send users back to that speak OAuth. */
export async function idpResponse(app: App, context: Context): Promise<Response> {
  const parameters = context.req.method === 'GET' ? context.req.query() : await formOf(context)
  // ours
  const lost = 'The sign-in has expired. Please try again'
  return comingBack(app, context, parameters.state ?? '', parameters, lost)
}

/** Takes a user on to the app who is back from a provider. `lost` is shown where nothing says whose user it is. */
export async function comingBack(
  app: App,
  context: Context,
  state: string,
  parameters: Parameters,
  lost: string,
): Promise<Response> {
  const visiting = await visitOf(app, state, getCookie(context, browserCookie), app.clock.now())
  // Nobody comes back elsewhere than they were sent to.
  if (visiting === undefined || new URL(visiting.asked.redirectUri).pathname !== context.req.path)
    return toErrorPage(context, { error: lost })
  const { request } = visiting
  try {
    const call = callOf(app, visiting, context)
    return context.redirect(callbackUrl(request, await comeBack(call, visiting, parameters)))
  } catch (error) {
    return context.redirect(refusalUrl(app, request, error))
  }
}

export const formOf = async (context: Context): Promise<Parameters> =>
  Object.fromEntries(new URLSearchParams(await context.req.text()))

export const toErrorPage = (context: Context, parameters: Parameters): Response =>
  context.redirect(`/error?${new URLSearchParams(parameters)}`)
