import type { Context } from 'hono'
import { html } from 'hono/html'
import { show } from './page.ts'

/** `GET /error`: what is wrong where there is no app that could be told. The title and the status were seen. */
export const showError = (context: Context): Promise<Response> =>
  show(
    context,
    'An error was encountered with the requested page.',
    html`<p>${context.req.query('error')?.slice(0, longestText) ?? ''}</p>`,
    400,
  )

/** In characters: it comes from whoever made the link. */
const longestText = 200
