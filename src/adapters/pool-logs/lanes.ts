import type { LogDestination } from '../../domain/pool-log.ts'
import { fitting, type Limits, type Line, limitsOf } from './batches.ts'
import { type Left, Refused, reasonOf, type Sender } from './sender.ts'

type Service = LogDestination['service']

export interface LaneOptions {
  readonly senderOf: (service: Service) => Promise<Sender>
  /** Is told of what will never arrive. */
  readonly lost: (destination: LogDestination, lines: number, reason: string) => void
  readonly limits?: Readonly<Record<Service, Limits>>
  /** How long a line waits for others to share its request. */
  readonly linger?: Readonly<Record<Service, number>>
  /** How long after each failed attempt the next one comes; after the last there is none. */
  readonly pauses?: readonly number[]
  /** How long one attempt has. */
  readonly patience?: number
  /** How much is kept of what is not out yet, over all destinations. */
  readonly most?: { readonly lanes: number; readonly lines: number; readonly bytes: number }
  /** Resolves when the time is up, or the signal says so. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

export interface Lanes {
  readonly put: (destination: LogDestination, line: Line) => void
  /** Resolves when everything that there is now is out, or lost. */
  readonly flush: () => Promise<void>
  /** The same, within a deadline. */
  readonly close: (deadline: number) => Promise<void>
}

/** What waits for one destination. What is on its way there is one request at a time, so that lines stay in order. */
interface Lane {
  readonly destination: LogDestination
  readonly waiting: Line[]
  bytes: number
  /** Ends the time that it lingers. */
  wake: AbortController
  /** It lingers no more. */
  hurried: boolean
  done: Promise<void>
}

const standard = {
  limits: limitsOf,
  linger: { logs: 1000, firehose: 1000, s3: 10_000 },
  pauses: [200, 1000, 5000],
  patience: 10_000,
  most: { lanes: 1000, lines: 50_000, bytes: 32 * 1024 * 1024 },
  pause: pauseFor,
}

/**
 * A lane to each destination that something waits for, gone with its last line: one that hangs or refuses holds up no
 * other. Together they keep only so much. Beyond that the oldest line of the fullest lane is lost, so that a destination
 * which takes nothing loses lines of its own before any of another's.
 */
export function openLanes(options: LaneOptions): Lanes {
  const { senderOf, lost, limits, linger, pauses, patience, most, pause } = { ...standard, ...options }
  const lanes = new Map<string, Lane>()
  const held = { lines: 0, bytes: 0 }
  const stopping = new AbortController()
  let closed = false

  function put(destination: LogDestination, line: Line): void {
    const key = keyOf(destination)
    const known = lanes.get(key)
    const refusal = refusalOf(destination, line, known === undefined)
    if (refusal !== undefined) {
      lost(destination, 1, refusal)
      return
    }
    const lane = known ?? newLane(destination)
    lane.waiting.push(line)
    lane.bytes += line.bytes
    hold(1, line.bytes)
    if (known === undefined) {
      lanes.set(key, lane)
      lane.done = run(lane)
    }
    // Ends with this line at the latest: without it there was room.
    while (held.lines > most.lines || held.bytes > most.bytes) dropOldest()
    if (isFull(lane)) lane.wake.abort()
  }

  function refusalOf({ service }: LogDestination, line: Line, needsLane: boolean): string | undefined {
    if (closed) return 'stopped'
    if (line.bytes + limits[service].overhead > limits[service].bytes) return 'too large'
    return needsLane && lanes.size === most.lanes ? 'too many destinations' : undefined
  }

  function hold(lines: number, bytes: number): void {
    held.lines += lines
    held.bytes += bytes
  }

  function dropOldest(): void {
    let fullest: Lane | undefined
    for (const lane of lanes.values()) if (lane.bytes > (fullest?.bytes ?? 0)) fullest = lane
    if (fullest === undefined) return
    const dropped = take(fullest, 1)
    hold(-1, -bytesOf(dropped))
    lost(fullest.destination, 1, 'too much is waiting')
  }

  function isFull({ destination, waiting, bytes }: Lane): boolean {
    const limit = limits[destination.service]
    return waiting.length >= limit.lines || bytes + waiting.length * limit.overhead >= limit.bytes
  }

  async function run(lane: Lane): Promise<void> {
    const { service } = lane.destination
    while (lane.waiting.length > 0) {
      if (!lane.hurried && !isFull(lane)) {
        lane.wake = new AbortController()
        await pause(linger[service], lane.wake.signal)
      }
      const batch = take(lane, fitting(lane.waiting, limits[service]))
      if (batch.length > 0) await deliver(lane.destination, batch)
      hold(-batch.length, -bytesOf(batch))
    }
    // At once: a line that came between would wait here for ever.
    lanes.delete(keyOf(lane.destination))
  }

  async function deliver(destination: LogDestination, batch: readonly Line[]): Promise<void> {
    let lines = batch
    for (const wait of [...pauses, undefined]) {
      const { again, refused, reason } = await attempt(destination, lines)
      const givenUp = wait === undefined || stopping.signal.aborted ? again.length : 0
      if (refused + givenUp > 0) lost(destination, refused + givenUp, reason)
      lines = again.slice(givenUp)
      if (lines.length === 0) return
      await pause(wait ?? 0, stopping.signal)
    }
  }

  async function attempt(destination: LogDestination, lines: readonly Line[]): Promise<Left> {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(patience)])
    try {
      const sender = await senderOf(destination.service)
      return await Promise.race([sender.send(destination, lines, signal), ended(signal)])
    } catch (error) {
      const reason = reasonOf(signal.aborted ? signal.reason : error)
      return error instanceof Refused
        ? { again: [], refused: lines.length, reason }
        : { again: lines, refused: 0, reason }
    }
  }

  async function flush(): Promise<void> {
    await Promise.all(
      [...lanes.values()].map((lane) => {
        lane.hurried = true
        lane.wake.abort()
        return lane.done
      }),
    )
  }

  async function close(deadline: number): Promise<void> {
    closed = true
    const timer = setTimeout(() => stopping.abort(new Stopped()), deadline)
    await flush()
    clearTimeout(timer)
  }

  return { put, flush, close }
}

class Stopped extends Error {
  override readonly name = 'stopped'
}

const newLane = (destination: LogDestination): Lane => ({
  destination,
  waiting: [],
  bytes: 0,
  wake: new AbortController(),
  hurried: false,
  done: Promise.resolve(),
})

/** Firehose streams take the logs of many pools as one; groups and buckets keep those of each apart. */
function keyOf({ service, arn, poolId, source }: LogDestination): string {
  return service === 'firehose' ? arn : `${arn} ${poolId} ${source}`
}

function take(lane: Lane, count: number): Line[] {
  const taken = lane.waiting.splice(0, count)
  lane.bytes -= bytesOf(taken)
  return taken
}

const bytesOf = (lines: readonly Line[]) => lines.reduce((sum, { bytes }) => sum + bytes, 0)

/** A service that does not heed the signal is left to itself. */
function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end)
  })
}
