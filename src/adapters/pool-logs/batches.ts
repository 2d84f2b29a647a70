import type { LogDestination } from '../../domain/pool-log.ts'
import { hours, type Instant } from '../../lib/instant.ts'

/** An entry as it is sent. */
export interface Line {
  readonly at: Instant
  readonly text: string
  readonly bytes: number
}

/** What one request may hold. */
export interface Limits {
  readonly lines: number
  readonly bytes: number
  /** What a line takes beyond its own bytes. */
  readonly overhead: number
  /** How far apart in time its lines may be. */
  readonly span: number
}

/**
 * Sources: API references of PutLogEvents and PutRecordBatch (a Firehose record gets a newline of ours); for a bucket they
 * are our own.
 */
export const limitsOf: Readonly<Record<LogDestination['service'], Limits>> = {
  logs: { lines: 10_000, bytes: 1_048_576, overhead: 26, span: hours(24) },
  firehose: { lines: 500, bytes: 4 * 1024 * 1024, overhead: 1, span: Number.POSITIVE_INFINITY },
  s3: { lines: 10_000, bytes: 4 * 1024 * 1024, overhead: 1, span: Number.POSITIVE_INFINITY },
}

/** How many of these lines, from the first, one request can hold. */
export function fitting(lines: readonly Line[], limits: Limits): number {
  let bytes = 0
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const [index, line] of lines.entries()) {
    bytes += line.bytes + limits.overhead
    first = Math.min(first, line.at)
    last = Math.max(last, line.at)
    if (index === limits.lines || bytes > limits.bytes || last - first > limits.span) return index
  }
  return lines.length
}
