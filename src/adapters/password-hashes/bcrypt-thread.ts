import { Worker } from 'node:worker_threads'
import type { Bcrypt } from './hashes.ts'

interface Asked {
  readonly resolve: (hash: Uint8Array) => void
  readonly reject: (error: unknown) => void
}

/** bcrypt on one thread, which starts with the first question: a server that imported no such hash pays nothing. */
export function bcryptThread(file: URL): Bcrypt {
  let thread: Thread | undefined
  return {
    hash(question) {
      if (thread === undefined || thread.ended) thread = new Thread(file)
      return thread.ask(question)
    },
    close: async () => {
      await thread?.close()
    },
  }
}

/** It answers in order, so a question needs no number. */
class Thread {
  readonly #worker: Worker
  readonly #asked: Asked[] = []
  ended = false

  constructor(file: URL) {
    // Flags and variables of the process are for its main thread, and may hold secrets.
    this.#worker = new Worker(file, { name: 'bcrypt', execArgv: [], env: {} })
    this.#worker.unref()
    const end = (cause?: Error) => {
      this.ended = true
      for (const { reject } of this.#asked.splice(0))
        reject(new Error('the thread that computed this hash ended', { cause }))
    }
    this.#worker.on('message', (hash: Uint8Array) => {
      this.#asked.shift()?.resolve(hash)
      // Only a thread that owes something may keep the process alive.
      if (this.#asked.length === 0) this.#worker.unref()
    })
    this.#worker.on('error', end)
    this.#worker.on('exit', () => end())
  }

  ask(question: Parameters<Bcrypt['hash']>[0]): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject })
      this.#worker.ref()
      // Fresh memory: a copy of a pooled Buffer would carry its neighbours' secrets along.
      this.#worker.postMessage({ ...question, salt: Uint8Array.from(question.salt) })
    })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
