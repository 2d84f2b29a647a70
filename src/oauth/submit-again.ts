import { hash } from 'node:crypto'
import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Parameters } from '../domain/authorization.ts'

/** The field that marks a form as one of ours. */
export const again = 'again'

const script = 'document.forms[0].submit()'

/** Nothing runs but the script. Where the form leads is left open: it ends at the app. */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; script-src 'sha256-${hash('sha256', script, 'base64')}'; frame-ancestors 'none'; base-uri 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/**
 * Sends a form once more, to the same address. A browser that another site has sent here does not show its cookies; one that
 * a page of ours sends does.
 */
export async function submitAgain(context: Context, form: Parameters): Promise<Response> {
  const fields = Object.entries({ ...form, [again]: 'true' })
  const page = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Signing in</title>
<form method="post">
${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<noscript><button>Continue</button></noscript>
</form>
<script>${script}</script>
</html>`
  return context.html(page, 200, headers)
}
