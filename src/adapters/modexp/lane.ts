import { Worker } from 'node:worker_threads'
import { WIDTH } from '../../domain/srp.ts'

export interface Job {
  readonly base: Uint8Array
  readonly exponent: Uint8Array
  readonly resolve: (power: Uint8Array) => void
  readonly reject: (error: unknown) => void
}

/** One worker and the jobs it owes. It answers in order, so a batch needs no number. */
export class Lane {
  readonly #worker: Worker
  #gathered: Job[] = []
  readonly #sent: Job[][] = []
  #load = 0
  #ended = false

  constructor(file: URL, heard: { selfTestFailed: (failure: string) => void; ended: (lane: Lane) => void }) {
    // Flags and variables of the process are for its main thread, and may hold secrets.
    this.#worker = new Worker(file, { name: 'modexp', execArgv: [], env: {} })
    this.#worker.unref()
    const end = (cause?: Error) => {
      if (this.#ended) return
      this.#ended = true
      heard.ended(this)
      this.#fail(new Error('the worker that computed this power ended', { cause }))
    }
    this.#worker.on('message', (message: string | Uint8Array) =>
      typeof message === 'string' ? heard.selfTestFailed(message) : this.#answer(message),
    )
    this.#worker.on('error', end)
    this.#worker.on('exit', () => end())
  }

  /** How many jobs it has not answered. */
  get load(): number {
    return this.#load
  }

  /** Takes a job along with the next batch. */
  gather(job: Job): void {
    this.#gathered.push(job)
    // Only a lane that owes something may keep the process alive.
    if (this.#load++ === 0) this.#worker.ref()
  }

  /** Sends what was gathered, as one message. */
  send(): void {
    if (this.#gathered.length === 0) return
    // Fresh memory, handed over: a copy of a pooled Buffer would carry its neighbours' secrets along.
    const jobs = new Uint8Array(this.#gathered.length * 2 * WIDTH)
    for (const [place, { base, exponent }] of this.#gathered.entries()) {
      const end = (place + 1) * 2 * WIDTH
      jobs.set(base, end - WIDTH - base.length)
      jobs.set(exponent, end - exponent.length)
    }
    this.#sent.push(this.#gathered)
    this.#gathered = []
    this.#worker.postMessage(jobs, [jobs.buffer])
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #answer(powers: Uint8Array): void {
    const batch = this.#sent.shift() ?? []
    this.#settle(batch.length)
    for (const [place, job] of batch.entries()) job.resolve(powers.slice(place * WIDTH, (place + 1) * WIDTH))
  }

  #fail(error: Error): void {
    const owed = [...this.#sent.splice(0).flat(), ...this.#gathered.splice(0)]
    this.#settle(owed.length)
    for (const job of owed) job.reject(error)
  }

  #settle(count: number): void {
    this.#load -= count
    if (this.#load === 0) this.#worker.unref()
  }
}
