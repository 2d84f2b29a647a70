import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Engine } from './engine.ts'

/**
 * SQLite in a file, or in memory when the path is `:memory:`.
 *
 * One connection writes, another reads committed data only. Transactions run one after the other as savepoints of a
 * batch; the batch is committed, durably, once at the end of the event-loop turn, and every transaction in it is
 * answered after that commit. Requests that arrive together so share one flush of the disk.
 */
export function sqliteEngine(path: string): Engine {
  return { dialect: new NodeSqliteDialect(path), text: 'text' }
}

class NodeSqliteDialect implements Dialect {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  createDriver = () => new NodeSqliteDriver(this.#path)
  createQueryCompiler = () => new SqliteQueryCompiler()
  createAdapter = () => new SqliteAdapter()
  createIntrospector = (db: ConstructorParameters<typeof SqliteIntrospector>[0]) => new SqliteIntrospector(db)
}

class NodeSqliteDriver implements Driver {
  readonly #path: string
  #writer: Statements | undefined
  #reader: Statements | undefined
  #group: GroupCommit | undefined

  constructor(path: string) {
    this.#path = path
  }

  async init(): Promise<void> {
    const writer = new Statements(this.#path)
    writer.run('pragma journal_mode = wal')
    writer.run('pragma synchronous = full')
    // A database in memory is its connection's own; there is no second one to read from, and no disk to wait for.
    this.#reader = this.#path === ':memory:' ? writer : new Statements(this.#path)
    this.#writer = writer
    this.#group = new GroupCommit(writer)
  }

  async acquireConnection(): Promise<SqliteConnection> {
    if (!this.#writer || !this.#reader || !this.#group) throw new Error('the database is closed')
    return new SqliteConnection(this.#writer, this.#reader, this.#group)
  }

  beginTransaction = (connection: SqliteConnection) => connection.begin()
  commitTransaction = (connection: SqliteConnection) => connection.commit()
  rollbackTransaction = (connection: SqliteConnection) => connection.rollback()
  releaseConnection = async () => {}

  async destroy(): Promise<void> {
    await this.#group?.drain()
    if (this.#reader !== this.#writer) this.#reader?.close()
    this.#writer?.close()
    this.#writer = this.#reader = this.#group = undefined
  }
}

/** What Kysely holds during one query or one transaction; it owns no file handle of its own. */
class SqliteConnection implements DatabaseConnection {
  readonly #writer: Statements
  readonly #reader: Statements
  readonly #group: GroupCommit
  #open: Slot | undefined

  constructor(writer: Statements, reader: Statements, group: GroupCommit) {
    this.#writer = writer
    this.#reader = reader
    this.#group = group
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#open) return this.#writer.execute<R>(query)
    if (query.query.kind === 'SelectQueryNode') return this.#reader.execute<R>(query)
    const slot = await this.#group.enter()
    let result: QueryResult<R>
    try {
      result = this.#writer.execute<R>(query)
    } finally {
      slot.leave()
    }
    await slot.durable
    return result
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for the method; nothing here streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming is not supported')
  }

  async begin(): Promise<void> {
    this.#open = await this.#group.enter()
    this.#writer.run('savepoint work')
  }

  async commit(): Promise<void> {
    const slot = this.#end('release work')
    await slot.durable
  }

  async rollback(): Promise<void> {
    this.#end('rollback to work', 'release work')
  }

  #end(...statements: string[]): Slot {
    const slot = this.#open
    if (!slot) throw new Error('no transaction is open')
    this.#open = undefined
    try {
      for (const statement of statements) this.#writer.run(statement)
    } finally {
      slot.leave()
    }
    return slot
  }
}

/** One transaction's place in a batch. */
interface Slot {
  readonly leave: () => void
  /** Resolves when the batch is on disk. */
  readonly durable: Promise<void>
}

/** Lets one transaction at a time into the batch and commits the batch at the end of the turn. */
class GroupCommit {
  readonly #writer: Statements
  #last: Promise<void> = Promise.resolve()
  #durable: Promise<void> | undefined

  constructor(writer: Statements) {
    this.#writer = writer
  }

  async enter(): Promise<Slot> {
    const leave = await this.#turn()
    try {
      this.#durable ??= this.#beginBatch()
    } catch (error) {
      leave()
      throw error
    }
    return { leave, durable: this.#durable }
  }

  async drain(): Promise<void> {
    await this.#durable?.catch(() => {})
  }

  /** Waits for everybody before, and returns the way out. */
  async #turn(): Promise<() => void> {
    const before = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    await before
    return resolve
  }

  #beginBatch(): Promise<void> {
    this.#writer.run('begin immediate')
    const durable = new Promise<void>((resolve, reject) => {
      setImmediate(() => this.#commitBatch().then(resolve, reject))
    })
    // A batch whose transactions were all refused has nobody waiting for it.
    durable.catch(() => {})
    return durable
  }

  async #commitBatch(): Promise<void> {
    const leave = await this.#turn()
    this.#durable = undefined
    try {
      this.#writer.run('commit')
    } catch (error) {
      this.#writer.rollbackIfOpen()
      throw error
    } finally {
      leave()
    }
  }
}

/** One connection with its prepared statements. */
class Statements {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()
  /** Statements with lists of varying length would otherwise collect without end. */
  static readonly #most = 500

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { timeout: 5000 })
  }

  run(sql: string): void {
    this.#prepare(sql).all()
  }

  execute<R>(query: CompiledQuery): QueryResult<R> {
    const statement = this.#prepare(query.sql)
    const parameters = query.parameters as SQLInputValue[]
    if (statement.columns().length > 0) return { rows: statement.all(...parameters) as R[] }
    const { changes } = statement.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  rollbackIfOpen(): void {
    if (this.#database.isTransaction) this.#database.exec('rollback')
  }

  close(): void {
    this.#prepared.clear()
    this.#database.close()
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql)
    if (known) return known
    if (this.#prepared.size >= Statements.#most) this.#prepared.clear()
    const statement = this.#database.prepare(sql)
    this.#prepared.set(sql, statement)
    return statement
  }
}
