import { once } from 'node:events'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { destination } from 'pino'

/** Is told what went wrong with a file, or with standard output. */
export interface LinesReport {
  /** Once, until writing works again. */
  readonly failed: (error: unknown) => void
  /** How many lines there was no room for, once it is over. */
  readonly lost: (lines: number) => void
}

export interface Lines {
  /** Never waits and never throws. */
  readonly write: (line: string) => void
  readonly reopen?: () => void
  readonly close: () => Promise<void>
}

/** What waits for a disk that is slower than its callers, or full. More is dropped. */
const mostWaiting = 32 * 1024 * 1024
const ownersOnly = 0o600

/**
 * Appends lines to a file that nobody else may read, or to standard output. They are written behind the caller's back.
 * @throws Error where it cannot be opened
 */
export async function openLines(
  to: string | 1,
  report: LinesReport,
  { maxLength = mostWaiting } = {},
): Promise<Lines> {
  if (to !== 1) await mustOpen(to)
  const stream = destination({ dest: to, sync: false, mkdir: true, mode: ownersOnly, maxLength })
  // At the end of the process pino would call it, and on a full disk it never returns (sonic-boom 4.2.1).
  stream.flushSync = () => {}
  await once(stream, 'ready')
  let dropped = 0
  let failing = false
  // Whoever read standard output has gone: pino's own stream does nothing from then on, not even end.
  let nobodyReads = false
  const tellLost = () => {
    if (dropped > 0) report.lost(dropped)
    dropped = 0
  }
  stream.on('drop', () => {
    dropped += 1
  })
  stream.on('write', () => {
    failing = false
    tellLost()
  })
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!failing) report.failed(error)
    failing = true
    nobodyReads ||= error.code === 'EPIPE'
  })
  return {
    write(line) {
      if (nobodyReads) dropped += 1
      else stream.write(line)
    },
    ...(to !== 1 && { reopen: () => stream.reopen() }),
    async close() {
      if (!nobodyReads) {
        await new Promise<void>((resolve) => {
          stream.once('close', resolve)
          // What cannot be written now never will be.
          stream.once('error', () => (nobodyReads ? resolve() : stream.destroy()))
          stream.end()
        })
      }
      tellLost()
    },
  }
}

/** Beforehand: pino's own stream cannot be got rid of once it has failed to open, and throws at the end of the process. */
async function mustOpen(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await using _ = await open(file, 'a', ownersOnly)
}
