import type { Context } from 'hono'
import { html } from 'hono/html'
import { mustBeProtected } from '../domain/auth-event.ts'
import { Fault } from '../domain/faults.ts'
import type { UserPoolId } from '../domain/ids.ts'
import { giveFeedback, type Mailed, mailedSubject } from '../flows/auth-events.ts'
import type { App } from '../ports/app.ts'
import { show } from './page.ts'

/**
 * Where the links of a notice lead: whoever has the mail says whether a sign-in was theirs. A link that is only looked at
 * changes nothing, since programs look at the links of mails before people do: a button says it.
 */

const names = ['pool', 'user', 'event', 'token', 'value'] as const
type Fields = Readonly<Record<(typeof names)[number], string>>

export async function askForFeedback(context: Context): Promise<Response> {
  const fields = fieldsIn((name) => context.req.query(name))
  if (fields === undefined) return show(context, 'This link is not complete.', '', 400)
  const hidden = names.map((name) => html`<input type="hidden" name="${name}" value="${fields[name]}">`)
  const [question, answer] =
    fields.value === 'valid'
      ? ['Was this sign-in you?', 'Yes, that was me']
      : ['Was this sign-in somebody else?', 'Yes, that was not me']
  return show(
    context,
    question,
    html`<form method="post" action="/feedback">${hidden}<button>${answer}</button></form>`,
  )
}

export async function takeFeedback(app: App, context: Context): Promise<Response> {
  const form = await context.req.parseBody()
  const fields = fieldsIn((name) => {
    const value = form[name]
    return typeof value === 'string' ? value : undefined
  })
  if (fields === undefined) return show(context, 'This link is not complete.', '', 400)
  const mailed: Mailed = { username: fields.user, eventId: fields.event, token: fields.token }
  try {
    const pool = await app.store.pools.find(fields.pool as UserPoolId)
    if (pool === undefined) throw new Fault('PoolNotFound', fields.pool)
    mustBeProtected(pool)
    const { user } = await mailedSubject(app, pool, mailed)
    const value = fields.value === 'valid' ? 'Valid' : 'Invalid'
    await giveFeedback({ app, pool }, user, fields.event, { value, provider: 'User', at: app.clock.now() })
    return show(context, 'Thank you for telling us.')
  } catch (error) {
    // Whatever it is that does not fit: the mail is old, or is not from here.
    if (error instanceof Fault) return show(context, 'This link is not valid, or no longer.', '', 400)
    throw error
  }
}

function fieldsIn(find: (name: string) => string | undefined): Fields | undefined {
  const found = Object.fromEntries(names.map((name) => [name, find(name) ?? ''])) as Fields
  const whole = names.every((name) => found[name] !== '')
  return whole && (found.value === 'valid' || found.value === 'invalid') ? found : undefined
}
