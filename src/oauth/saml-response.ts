import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Parameters } from '../domain/authorization.ts'
import { comeUnasked } from '../flows/federation.ts'
import type { App } from '../ports/app.ts'
import { asApp, browserCookie, comingBack, formOf, requested, toErrorPage } from './authorize.ts'
import { callbackUrl } from './callback.ts'
import { callOf } from './party.ts'
import { again, submitAgain } from './submit-again.ts'

/** `POST /saml2/idpresponse`: the assertion consumer service, where SAML providers send users with their responses. */
export async function samlResponse(app: App, context: Context): Promise<Response> {
  const form = await formOf(context)
  const missing = ['SAMLResponse', 'RelayState'].find((name) => form[name] === undefined)
  // Seen by many, of RelayState.
  if (missing) return toErrorPage(context, { error: `Required String parameter '${missing}' is not present` })
  const { RelayState: relayState = '' } = form
  const asked = Object.fromEntries(new URLSearchParams(relayState))
  if (asked.client_id !== undefined) return unasked(app, context, asked, form)
  if (getCookie(context, browserCookie) === undefined && form[again] === undefined)
    return submitAgain(context, form)
  return comingBack(app, context, relayState, form, lost)
}

/** Seen by many, where a provider had begun. */
const lost = 'Invalid samlResponse or relayState from identity provider'

/** A provider begins. What an app would ask of the authorize endpoint, its RelayState asks. */
const unasked = (app: App, context: Context, parameters: Parameters, form: Parameters): Promise<Response> =>
  asApp(app, context, parameters, async (party, redirectUri) => {
    const { request, provider } = await requested(app, party, redirectUri, parameters)
    if (typeof provider === 'string') return toErrorPage(context, { error: lost })
    const arrival = { origin: party.origin, parameters: form }
    const granted = await comeUnasked(callOf(app, party, context), provider, request, arrival)
    if (granted === undefined) return toErrorPage(context, { error: lost })
    return context.redirect(callbackUrl(request, granted))
  })
