import type { Context, Hono } from 'hono'
import type { UserPoolId } from '../domain/ids.ts'
import { mostBytes } from '../domain/import-job.ts'
import { runImports } from '../flows/import-run.ts'
import { receiveUpload } from '../flows/import-upload.ts'
import { mayUpload } from '../flows/imports.ts'
import { seconds } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'

/** How soon a job is seen that another node was given and did not finish. */
const patience = seconds(5)

/** Runs imports as they are started. Returns how to stop: the job at hand waits for another node, or the next start. */
export function startImports(app: App): () => Promise<void> {
  const node = app.random.uuid()
  const stopping = new AbortController()
  const run = async () => {
    while (!stopping.signal.aborted) {
      // Asked for before looking, so that no start comes in between.
      const news = app.imports.next(patience)
      await runImports(app, node, stopping.signal).catch((error) =>
        app.journal.error('import failed', { error }),
      )
      await news
    }
  }
  const running = run()
  return async () => {
    stopping.abort()
    app.imports.ring()
    await running
  }
}

/** `PUT` of a file to the address that CreateUserImportJob has handed out. Whoever can write it needs no other key. */
export function uploads(app: App, web: Hono): void {
  web.put('/_cognate/imports/:pool/:job', async (context) => {
    const poolId = context.req.param('pool') as UserPoolId
    const jobId = context.req.param('job')
    const { expires = '', signature = '' } = context.req.query()
    if (!mayUpload(app, { poolId, jobId, expires, signature }))
      return refuse(context, 403, 'The address is not valid, or not any more.')
    if (!isFile(context.req.header('content-type')))
      return refuse(context, 415, 'Send the CSV file as it is, as text/csv.')
    if (Number(context.req.header('content-length') ?? 0) > mostBytes) return refuse(context, 413, tooLarge)
    const { body, signal } = context.req.raw
    try {
      const received = await receiveUpload(app, poolId, jobId, body ?? none())
      if (received === 'too large') return refuse(context, 413, tooLarge)
      if (received === 'not expected') return refuse(context, 409, 'The import job takes no file any more.')
      return context.body(null, 200)
    } catch (error) {
      // Who goes away in the middle of an upload is no news.
      if (!signal.aborted) throw error
      return refuse(context, 400, 'The upload was broken off.')
    }
  })
}

const tooLarge = 'A CSV file may have 100 MB.'

const refuse = (context: Context, status: 400 | 403 | 409 | 413 | 415, message: string): Response =>
  context.json({ message }, status)

/** What curl, browsers and spreadsheets say of a CSV file, or nothing; a form would have more in it than the file. */
const fileTypes: ReadonlySet<string> = new Set([
  'text/csv',
  'text/plain',
  'application/csv',
  'application/octet-stream',
  'application/vnd.ms-excel',
])
const isFile = (type: string | undefined): boolean =>
  type === undefined || fileTypes.has((type.split(';')[0] ?? '').trim().toLowerCase())

async function* none(): AsyncGenerator<Uint8Array> {}
