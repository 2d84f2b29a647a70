import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cloudTrailRecord } from '../../domain/cloudtrail.ts'
import type { TrailEvent } from '../../domain/trail-event.ts'
import type { Trail } from '../../ports/trail.ts'
import { type LinesReport, openLines } from './lines.ts'

/** Is told, by the sink's URI, what its trail lacks. */
export interface TrailReport {
  readonly failed: (uri: string, error: unknown) => void
  readonly lost: (uri: string, events: number) => void
}

/**
 * The trail to all these sinks at once: `stdout:`, `file:path`, `cloudtrail:path`, `module:./mine.mjs`. None where there
 * are none. What one of them cannot take is no concern of the others, nor of whoever records.
 * @throws Error with what is wrong
 */
export async function openTrail(uris: readonly string[], report: TrailReport): Promise<Trail | undefined> {
  if (uris.length === 0) return undefined
  await using opened = new AsyncDisposableStack()
  const sinks: { uri: string; sink: Trail }[] = []
  for (const uri of uris) {
    const sink = await openSink(uri, report)
    opened.defer(() => sink.close())
    sinks.push({ uri, sink })
  }
  const all = opened.move()
  const reopening = sinks.filter(({ sink }) => sink.reopen !== undefined)
  const each = (some: typeof sinks, act: (sink: Trail) => void) => {
    for (const { uri, sink } of some) {
      try {
        act(sink)
      } catch (error) {
        report.failed(uri, error)
      }
    }
  }
  return {
    record: (event) => each(sinks, (sink) => sink.record(event)),
    ...(reopening.length > 0 && { reopen: () => each(reopening, (sink) => sink.reopen?.()) }),
    close: () => all.disposeAsync(),
  }
}

async function openSink(uri: string, { failed, lost }: TrailReport): Promise<Trail> {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(uri) ?? []
  const report = { failed: (error: unknown) => failed(uri, error), lost: (lines: number) => lost(uri, lines) }
  try {
    switch (scheme) {
      case 'stdout':
        return await inLines(1, (event) => event, report)
      case 'file':
        return await inLines(rest, (event) => event, report)
      case 'cloudtrail':
        return await inLines(rest, cloudTrailRecord, report)
      case 'module':
        return await openModule(rest)
      default:
        throw new Error('is no kind of trail')
    }
  } catch (error) {
    throw new Error(`${uri}: ${(error as Error).message}`, { cause: error })
  }
}

/** One JSON object a line. */
async function inLines(
  to: string | 1,
  form: (event: TrailEvent) => unknown,
  report: LinesReport,
): Promise<Trail> {
  const lines = await openLines(to, report)
  return {
    record: (event) => lines.write(`${JSON.stringify(form(event))}\n`),
    ...(lines.reopen && { reopen: lines.reopen }),
    close: lines.close,
  }
}

/** A file whose default export is a Trail, or makes one. */
async function openModule(file: string): Promise<Trail> {
  const { default: exported } = await import(pathToFileURL(resolve(file)).href)
  const trail: Partial<Trail> | undefined = typeof exported === 'function' ? await exported() : exported
  if (typeof trail?.record !== 'function') throw new Error('its default export has no function record')
  return {
    record: trail.record.bind(trail),
    ...(trail.reopen && { reopen: trail.reopen.bind(trail) }),
    close: async () => trail.close?.(),
  }
}
