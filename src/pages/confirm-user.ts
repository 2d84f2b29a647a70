import type { Context } from 'hono'
import { html } from 'hono/html'
import { Fault } from '../domain/faults.ts'
import type { ClientId } from '../domain/ids.ts'
import { confirmByLink } from '../flows/sign-up.ts'
import type { App } from '../ports/app.ts'
import { StaleRow } from '../ports/store.ts'

/** `GET /confirmUser`: where the link in a mail leads that confirms a sign-up. */
export async function confirmUser(app: App, context: Context): Promise<Response> {
  const { client_id: id = '', user_name: name = '', confirmation_code: code = '' } = context.req.query()
  const secure = new URL(context.req.url).protocol === 'https:'
  const source = {
    address: '',
    userAgent: context.req.header('user-agent'),
    referer: undefined,
    secure,
  }
  try {
    const poolId = await app.store.clients.poolOf(id as ClientId)
    const pool = poolId && (await app.store.pools.find(poolId))
    const client = poolId && (await app.store.clients.find(poolId, id as ClientId))
    if (!pool || !client || name === '' || code === '') throw new Fault('CodeExpired')
    await confirmByLink({ app, pool, client, now: app.clock.now(), source, metadata: undefined }, name, code)
    return context.html(page('Confirmed', 'Your registration has been confirmed!'), 200, headers)
  } catch (error) {
    // Who clicks twice at once has confirmed once.
    const fault = error instanceof StaleRow ? new Fault('CodeExpired') : error
    if (!(fault instanceof Fault)) throw fault
    return context.html(page('Not confirmed', fault.message), 400, headers)
  }
}

/** The link holds a code: it is told to nobody, and the page runs nothing. */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

const page = (title: string, text: string) => html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
  body { display: grid; place-items: center; min-height: 100vh; margin: 0; font: 1.125rem/1.5 system-ui, sans-serif; color: #16191f; background: #f2f3f3 }
  main { padding: 2.5rem 3rem; border-radius: 1rem; background: #fff; box-shadow: 0 1px 4px #0003; text-align: center }
  h1 { margin: 0 0 .5rem; font-size: 1.5rem }
  p { margin: 0 }
</style>
<main>
  <h1>${title}</h1>
  <p>${text}</p>
</main>
</html>`
