import { type Context, Hono } from 'hono'
import { streamText } from 'hono/streaming'
import type { MovableClock } from '../adapters/clock/movable.ts'
import type { UserPoolId } from '../domain/ids.ts'
import { spelled } from '../domain/import-job.ts'
import type { Message } from '../domain/message.ts'
import type { App } from '../ports/app.ts'

/** What people and tests use beside the API: the inbox, the logs of imports and the clock, under `/_cognate`. */
export interface TestApiOptions {
  readonly inbox: 'everybody' | 'loopback' | 'nobody'
  readonly clock: MovableClock | undefined
  /** Ends every wait. */
  readonly stopping?: AbortSignal
}

export function testApi(app: App, options: TestApiOptions): Hono {
  const routes = new Hono()
  routes.get('/health', (context) => context.json({ status: 'ok' }))

  if (options.inbox !== 'nobody') {
    if (options.inbox === 'loopback') routes.use('/inbox', onlyLocalNames)
    routes.get('/inbox', (context) => readInbox(app, context, options.stopping))
    routes.delete('/inbox', async (context) => {
      const cleared = await app.store.messages.clear(filterOf(context))
      return context.json({ cleared })
    })
  }

  if (options.inbox !== 'nobody') {
    if (options.inbox === 'loopback') routes.use('/imports/:pool/:job/log', onlyLocalNames)
    routes.get('/imports/:pool/:job/log', (context) => readImportLog(app, context))
  }

  const { clock } = options
  if (clock !== undefined) {
    routes.use('/clock', onlyLocalNames)
    routes.get('/clock', (context) => context.json(told(clock)))
    routes.post('/clock', async (context) => {
      const wrong = moveClock(clock, await readJson(context))
      return wrong === undefined ? context.json(told(clock)) : context.json({ message: wrong }, 400)
    })
  }
  return routes
}

const localName = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]+)?$/i

/** A page of another site could reach this server under a name of its own; it shall not read codes or move the clock. */
async function onlyLocalNames(context: Context, next: () => Promise<void>): Promise<Response | undefined> {
  if (!localName.test(context.req.header('host') ?? ''))
    return context.json({ message: 'served to localhost only' }, 403)
  await next()
  return undefined
}

/** One line a user who was not imported, and at the end how the job stands. It names lines, and nobody. */
async function readImportLog(app: App, context: Context): Promise<Response> {
  const { pool = '', job: id = '' } = context.req.param()
  const { imports } = app.store
  const poolId = pool as UserPoolId
  const job = await imports.find(poolId, id)
  if (job === undefined) return context.json({ message: `User import job ${id} does not exist.` }, 404)
  return streamText(context, async (stream) => {
    let after = 0
    for (;;) {
      const lines = await imports.logPage(poolId, id, after, linesAtOnce)
      for (const line of lines) await stream.writeln(spelled(line))
      after = lines.at(-1)?.line ?? after
      if (lines.length < linesAtOnce || stream.aborted) break
    }
    const { status, imported, skipped, failed, message } = job
    await stream.writeln(
      `[${status}] ${imported} imported, ${skipped} skipped, ${failed} failed. ${message ?? ''}`.trim(),
    )
  })
}

const linesAtOnce = 1000

const mostMessages = 100
const longestWait = 60_000

async function readInbox(app: App, context: Context, stopping?: AbortSignal): Promise<Response> {
  const filter = { ...filterOf(context), limit: mostMessages }
  const wait = context.req.query('wait')
  const patience = wait === undefined ? 0 : readSeconds(wait)
  if (patience === undefined)
    return context.json({ message: 'wait must be a number of seconds such as 10s' }, 400)
  const end = Date.now() + Math.min(patience, longestWait)
  for (;;) {
    const left = end - Date.now()
    // Asked for before looking, so that no message comes in between. Another node's messages wake nobody here: look
    // again after a second at the latest.
    const news = left > 0 ? app.outbox.next(Math.min(left, 1000)) : undefined
    const messages = await app.store.messages.list(filter)
    if (messages.length > 0 || news === undefined || stopping?.aborted || context.req.raw.signal.aborted) {
      return context.json({ messages: messages.map(shown) })
    }
    await news
  }
}

const shown = ({ poolId, createdAt, ...message }: Message) => ({
  ...message,
  userPoolId: poolId,
  createdAt: new Date(createdAt).toISOString(),
})

function filterOf(context: Context): { poolId?: string; to?: string } {
  const poolId = context.req.query('userPoolId')
  const to = context.req.query('to')
  return { ...(poolId && { poolId }), ...(to && { to }) }
}

function readSeconds(text: string): number | undefined {
  const match = /^([0-9]{1,3}(?:\.[0-9]{1,3})?)s?$/.exec(text)
  return match?.[1] === undefined ? undefined : Number(match[1]) * 1000
}

const told = (clock: MovableClock) => ({ now: new Date(clock.now()).toISOString() })

/** JSON by content type only, which another site's page cannot send without being asked first. */
async function readJson(context: Context): Promise<unknown> {
  if (context.req.header('content-type')?.split(';')[0]?.trim() !== 'application/json') return undefined
  try {
    return await context.req.json()
  } catch {
    return undefined
  }
}

/** Moves the clock as asked, or says what is wrong. */
function moveClock(clock: MovableClock, order: unknown): string | undefined {
  const { advance, set } = (typeof order === 'object' && order !== null ? order : {}) as Record<
    string,
    unknown
  >
  if (typeof advance === 'string') {
    const milliseconds = readDuration(advance)
    if (milliseconds === undefined) return 'advance must be an ISO 8601 duration such as PT5M'
    clock.advance(milliseconds)
    return undefined
  }
  if (typeof set === 'string') {
    const at = isoInstant.test(set) ? Date.parse(set) : Number.NaN
    if (Number.isNaN(at)) return 'set must be an ISO 8601 instant such as 2027-01-01T00:00:00Z'
    clock.set(at)
    return undefined
  }
  return 'send JSON with "advance" or "set"'
}

/** Date.parse takes nearly anything for a date. */
const isoInstant = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,18}(Z|[+-][0-9]{2}:[0-9]{2})$/

/** An ISO 8601 duration of days, hours, minutes and seconds, in milliseconds. */
function readDuration(text: string): number | undefined {
  const match =
    /^P(?=[0-9T])(?:([0-9]{1,5})D)?(?:T(?=[0-9])(?:([0-9]{1,6})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,9}(?:\.[0-9]{1,3})?)S)?)?$/.exec(
      text,
    )
  if (match === null) return undefined
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0))
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
}
