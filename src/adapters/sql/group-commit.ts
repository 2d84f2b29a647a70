/** The connection whose commits are shared. */
export interface Writer {
  readonly run: (sql: string) => void
  readonly inTransaction: boolean
}

/** A transaction's turn in a batch. */
export interface Turn {
  /** Lets the next one in. */
  readonly leave: () => void
  /** Resolves when the batch is on disk, and rejects when it never will be. */
  readonly durable: Promise<void>
}

interface Batch {
  readonly durable: Promise<void>
}

/**
 * Transactions run one after the other, each a savepoint of a batch. The batch is committed, durably, once at the end
 * of the event-loop turn, and every transaction in it is answered after that commit. Requests that arrive together so
 * share one flush of the disk; one that fails is undone alone.
 *
 * A full disk or a failing one can make SQLite undo a whole batch before its commit. Everybody in it is refused then,
 * and whoever comes next begins another.
 */
export class GroupCommit {
  readonly #writer: Writer
  #last: Promise<void> = Promise.resolve()
  #batch: Batch | undefined

  constructor(writer: Writer) {
    this.#writer = writer
  }

  async enter(): Promise<Turn> {
    const leave = await this.#queue()
    try {
      if (!this.#batch || !this.#writer.inTransaction) this.#batch = this.#begin()
      return { leave, durable: this.#batch.durable }
    } catch (error) {
      leave()
      throw error
    }
  }

  /** Resolves when the batch of those who have left is on disk, or never will be. */
  async drain(): Promise<void> {
    await this.#batch?.durable.catch(() => {})
  }

  /** Waits for everybody before, and returns the way out. */
  async #queue(): Promise<() => void> {
    const before = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    await before
    return resolve
  }

  #begin(): Batch {
    this.#writer.run('begin immediate')
    const { promise: durable, resolve, reject } = Promise.withResolvers<void>()
    const batch = { durable }
    setImmediate(() => this.#commit(batch).then(resolve, reject))
    // A batch whose transactions were all refused has nobody waiting for it.
    durable.catch(() => {})
    return batch
  }

  async #commit(batch: Batch): Promise<void> {
    const leave = await this.#queue()
    try {
      if (this.#batch !== batch) throw new Error('SQLite has undone this transaction')
      this.#batch = undefined
      this.#writer.run('commit')
    } catch (error) {
      if (this.#batch === undefined && this.#writer.inTransaction) this.#writer.run('rollback')
      throw error
    } finally {
      leave()
    }
  }
}
