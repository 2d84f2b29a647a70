import type { Context } from 'hono'
import { html } from 'hono/html'

/** What stands below the title: text, or more of HTML. */
type Content = ReturnType<typeof html> | string

/** A page with one thing to say. Its address holds a code or a token: it is told to nobody, and nothing is loaded or run. */
export async function show(
  context: Context,
  title: string,
  content: Content = '',
  status: 200 | 400 = 200,
): Promise<Response> {
  return context.html(page(title, content), status, headers)
}

const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

const page = (title: string, content: Content) => html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
  body { display: grid; place-items: center; min-height: 100vh; margin: 0; font: 1.125rem/1.5 system-ui, sans-serif; color: #16191f; background: #f2f3f3 }
  main { padding: 2.5rem 3rem; border-radius: 1rem; background: #fff; box-shadow: 0 1px 4px #0003; text-align: center }
  h1 { margin: 0; font-size: 1.5rem }
  p { margin: .5rem 0 0 }
  button { margin-top: 1rem; padding: .5rem 1.5rem; border: 0; border-radius: .5rem; font: inherit; color: #fff; background: #0972d3 }
</style>
<main>
  <h1>${title}</h1>
  ${content}
</main>
</html>`
