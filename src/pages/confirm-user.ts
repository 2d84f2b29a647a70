import type { Context } from 'hono'
import { html } from 'hono/html'
import { Fault } from '../domain/faults.ts'
import type { ClientId } from '../domain/ids.ts'
import { confirmByLink } from '../flows/sign-up.ts'
import type { App } from '../ports/app.ts'
import { StaleRow } from '../ports/store.ts'
import { webSource } from '../protocol/web-source.ts'
import { show } from './page.ts'

/** `GET /confirmUser`: where the link in a mail leads that confirms a sign-up. */
export async function confirmUser(app: App, context: Context): Promise<Response> {
  const { client_id: id = '', user_name: name = '', confirmation_code: code = '' } = context.req.query()
  // Where the mail was read is nobody's business.
  const source = { ...webSource(context.req.raw, context.env), referer: undefined }
  try {
    const poolId = await app.store.clients.poolOf(id as ClientId)
    const pool = poolId && (await app.store.pools.find(poolId))
    const client = poolId && (await app.store.clients.find(poolId, id as ClientId))
    if (!pool || !client || name === '' || code === '') throw new Fault('CodeExpired')
    await confirmByLink({ app, pool, client, now: app.clock.now(), source, metadata: undefined }, name, code)
    return show(context, 'Confirmed', html`<p>Your registration has been confirmed!</p>`)
  } catch (error) {
    // Who clicks twice at once has confirmed once.
    const fault = error instanceof StaleRow ? new Fault('CodeExpired') : error
    if (!(fault instanceof Fault)) throw fault
    return show(context, 'Not confirmed', html`<p>${fault.message}</p>`, 400)
  }
}
