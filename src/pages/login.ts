import type { Context } from 'hono'
import { html } from 'hono/html'
import type { ClientId } from '../domain/ids.ts'
import type { App } from '../ports/app.ts'
import { show } from './page.ts'

/**
 * `GET /login`: the identity providers that an app client offers, one to be chosen. The form for a username and a password is
 * not served yet.
 */
export async function login(app: App, context: Context): Promise<Response> {
  const { client_id: id = '', ...parameters } = context.req.query()
  const poolId = id.includes('\0') ? undefined : await app.store.clients.poolOf(id as ClientId)
  const client = poolId && (await app.store.clients.find(poolId, id as ClientId))
  const names = client?.settings.SupportedIdentityProviders?.filter((name) => name !== 'COGNITO') ?? []
  if (names.length === 0) return show(context, 'There is no identity provider to sign in with.', '', 400)
  const links = names.map((name) => {
    const query = new URLSearchParams({ ...parameters, client_id: id, identity_provider: name })
    return html`<p><a href="/oauth2/authorize?${query.toString()}">Continue with ${name}</a></p>`
  })
  return show(context, 'Sign in', html`${links}`)
}
