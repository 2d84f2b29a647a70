import { availableParallelism } from 'node:os'
import { WIDTH } from '../../domain/srp.ts'
import { type ModExp, ModExpOverloaded } from '../../ports/modexp.ts'
import { type Job, Lane } from './lane.ts'

export interface WorkerOptions {
  /** How many threads at most; they start as work comes. The event loop keeps a processor to itself. */
  readonly size?: number
  /** How many powers may wait before more are refused. One takes half a millisecond. */
  readonly limit?: number
  /** The worker's file. A bundle has it elsewhere, and says so. */
  readonly worker?: URL
  /** Told when a worker found OpenSSL wrong or unwilling and went on, slowly, with BigInt. */
  readonly selfTestFailed?: (failure: string) => void
}

/** The ModExp port on worker threads. Jobs that arrive in one turn of the event loop travel together. */
export function workerModExp({
  size = Math.max(1, availableParallelism() - 1),
  limit = 2048,
  worker = new URL('./worker.ts', import.meta.url),
  selfTestFailed = () => {},
}: WorkerOptions = {}): ModExp {
  const lanes = new Set<Lane>()
  let turn: Job[] = []
  let closed = false

  function waiting(): number {
    return turn.length + lanes.values().reduce((sum, lane) => sum + lane.load, 0)
  }

  /** The least busy lane; a new one rather than one that has work, while there is room. */
  function idlest(): Lane {
    let best: Lane | undefined
    for (const lane of lanes) if (!best || lane.load < best.load) best = lane
    if (best && (best.load === 0 || lanes.size >= size)) return best
    const lane = new Lane(worker, { selfTestFailed, ended: (ended) => lanes.delete(ended) })
    lanes.add(lane)
    return lane
  }

  function deal(): void {
    const jobs = turn
    turn = []
    for (const job of jobs) {
      try {
        if (closed) throw new Error('modexp is closed')
        idlest().gather(job)
      } catch (error) {
        job.reject(error)
      }
    }
    for (const lane of lanes) lane.send()
  }

  return {
    async power(base, exponent) {
      if (base.length > WIDTH || exponent.length > WIDTH) throw new RangeError(`more than ${WIDTH} bytes`)
      if (closed) throw new Error('modexp is closed')
      if (waiting() >= limit) throw new ModExpOverloaded(`${limit} powers are waiting`)
      return new Promise((resolve, reject) => {
        if (turn.push({ base, exponent, resolve, reject }) === 1) setImmediate(deal)
      })
    },

    async close() {
      closed = true
      await Promise.all([...lanes].map((lane) => lane.close()))
    },
  }
}
