import type { LogDestination } from '../../domain/pool-log.ts'
import type { Line } from './batches.ts'

/** Speaks to one service. */
export interface Sender {
  /**
   * Sends lines in one request; they fit.
   * @throws Refused when no second try can change it, any other error when one may; none was taken then
   */
  readonly send: (destination: LogDestination, lines: readonly Line[], signal: AbortSignal) => Promise<Left>
  readonly close: () => void
}

/** What was not taken of a request that was. */
export interface Left {
  /** Worth another try. */
  readonly again: readonly Line[]
  /** How many are not. */
  readonly refused: number
  readonly reason: string
}

export const nothingLeft: Left = { again: [], refused: 0, reason: '' }

export class Refused extends Error {
  override readonly name = 'Refused'
}

/** What an AWS client throws, as one of the two kinds of error. Throttling, and what went wrong at AWS, may pass. */
export function refusal(error: unknown): never {
  const { $fault, $retryable, $metadata, name } = error as {
    $fault?: string
    $retryable?: object
    $metadata?: { httpStatusCode?: number }
    name: string
  }
  const passes =
    $retryable !== undefined ||
    $metadata?.httpStatusCode === 429 ||
    /Throttl|LimitExceeded|ExpiredToken|SlowDown|Timeout/.test(name)
  if ($fault === 'client' && !passes) throw new Refused(reasonOf(error), { cause: error })
  throw error
}

/** What went wrong, by its name alone: messages may quote what was sent. */
export function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message
  const { name, code } = error as { name?: string; code?: unknown }
  return typeof code === 'string' ? code : (name ?? 'unknown')
}

/**
 * What an ARN names, and where: a log group, a bucket or a stream. A bucket's ARN has no region: it is looked for in that
 * of the pool.
 * @throws Refused for an ARN of anything else
 */
export function resourceOf({ service, arn, region }: LogDestination): { name: string; region: string } {
  const [, named = '', name] = forms[service].exec(arn) ?? []
  if (name === undefined) throw new Refused(`not the ARN of ${things[service]}`)
  return { name, region: named || region }
}

const forms: Record<LogDestination['service'], RegExp> = {
  logs: /^arn:[\w-]+:logs:([a-z\d-]+):\d*:log-group:([^:]+)(?::\*)?$/,
  s3: /^arn:[\w-]+:s3:()::([^:/]+)$/,
  firehose: /^arn:[\w-]+:firehose:([a-z\d-]+):\d*:deliverystream\/(.+)$/,
}
const things = { logs: 'a log group', s3: 'a bucket', firehose: 'a Firehose stream' }

/** One client a region, made when it is first asked for. */
export function byRegion<Client extends { destroy: () => void }>(
  make: (region: string) => Client,
): { readonly in: (region: string) => Client; readonly close: () => void } {
  const clients = new Map<string, Client>()
  return {
    in(region) {
      const known = clients.get(region)
      if (known !== undefined) return known
      const client = make(region)
      clients.set(region, client)
      return client
    },
    close() {
      for (const client of clients.values()) client.destroy()
    },
  }
}
