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
  sql,
} from 'kysely'
import type { Engine } from './engine.ts'
import { GroupCommit, type Turn } from './group-commit.ts'

/** SQLite in a file: one connection writes, in batches (see GroupCommit), another reads committed data only. */
export function sqliteEngine(path: string): Engine {
  return {
    dialect: new NodeSqliteDialect(path),
    text: 'text',
    jsonObject: sql`json_group_object(name, value)`,
  }
}

class NodeSqliteDialect implements Dialect {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  createDriver = () => new NodeSqliteDriver(this.#path)
  createQueryCompiler = () => new SqliteQueryCompiler()
  createAdapter = () => new NodeSqliteAdapter()
  createIntrospector = (db: ConstructorParameters<typeof SqliteIntrospector>[0]) => new SqliteIntrospector(db)
}

class NodeSqliteAdapter extends SqliteAdapter {
  /** Kysely would otherwise let one query or transaction through at a time, and no two would ever share a commit. */
  override get supportsMultipleConnections(): boolean {
    return true
  }

  /** A migration that is interrupted leaves nothing behind. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

interface Opened {
  readonly writer: Statements
  readonly reader: Statements
  readonly group: GroupCommit
}

class NodeSqliteDriver implements Driver {
  readonly #path: string
  #opened: Opened | undefined
  readonly #held = new Set<SqliteConnection>()
  #allReleased = () => {}

  constructor(path: string) {
    this.#path = path
  }

  async init(): Promise<void> {
    const writer = new Statements(this.#path)
    writer.run('pragma journal_mode = wal')
    writer.run('pragma synchronous = full')
    const reader = new Statements(this.#path, { readOnly: true })
    this.#opened = { writer, reader, group: new GroupCommit(writer) }
  }

  async acquireConnection(): Promise<SqliteConnection> {
    if (!this.#opened) throw new Error('the database is closed')
    const connection = new SqliteConnection(this.#opened)
    this.#held.add(connection)
    return connection
  }

  async releaseConnection(connection: SqliteConnection): Promise<void> {
    this.#held.delete(connection)
    if (this.#held.size === 0) this.#allReleased()
  }

  beginTransaction = (connection: SqliteConnection) => connection.begin()
  commitTransaction = (connection: SqliteConnection) => connection.commit()
  rollbackTransaction = (connection: SqliteConnection) => connection.rollback()

  /** Waits for whoever holds a connection, as the pool of `pg` does. */
  async destroy(): Promise<void> {
    if (!this.#opened) return
    const { writer, reader, group } = this.#opened
    this.#opened = undefined
    const { promise: allReleased, resolve } = Promise.withResolvers<void>()
    this.#allReleased = resolve
    if (this.#held.size > 0) await allReleased
    await group.drain()
    reader.close()
    // The last connection to close moves the log into the database file and removes it.
    writer.close()
  }
}

/** What Kysely holds during one query or one transaction; it owns no file handle of its own. */
class SqliteConnection implements DatabaseConnection {
  readonly #opened: Opened
  #transaction: Turn | undefined

  constructor(opened: Opened) {
    this.#opened = opened
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { writer, reader, group } = this.#opened
    if (this.#transaction) {
      this.#mustStand()
      return writer.execute<R>(query)
    }
    if (query.query.kind === 'SelectQueryNode') return reader.execute<R>(query)
    const turn = await group.enter()
    let result: QueryResult<R>
    try {
      result = writer.execute<R>(query)
    } finally {
      turn.leave()
    }
    await turn.durable
    return result
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for the method; nothing here streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming is not supported')
  }

  async begin(): Promise<void> {
    const turn = await this.#opened.group.enter()
    try {
      this.#opened.writer.run('savepoint work')
    } catch (error) {
      turn.leave()
      throw error
    }
    this.#transaction = turn
  }

  async commit(): Promise<void> {
    const turn = this.#transaction
    if (!turn) throw new Error('no transaction is open')
    this.#mustStand()
    this.#opened.writer.run('release work')
    this.#transaction = undefined
    turn.leave()
    await turn.durable
  }

  /** Kysely asks for this after a failed commit, too: when the batch as a whole is undone, nothing is left to do. */
  async rollback(): Promise<void> {
    const turn = this.#transaction
    if (!turn) return
    this.#transaction = undefined
    try {
      if (this.#opened.writer.inTransaction) {
        this.#opened.writer.run('rollback to work')
        this.#opened.writer.run('release work')
      }
    } finally {
      turn.leave()
    }
    // What stood in its way may be of this batch. A refusal is told when that is true for good, and who tries again
    // then reads the rows that are to be changed now.
    await turn.durable.catch(() => {})
  }

  /** Outside a transaction SQLite would commit every statement by itself. */
  #mustStand(): void {
    if (!this.#opened.writer.inTransaction) throw new Error('SQLite has undone this transaction')
  }
}

interface Prepared {
  readonly statement: StatementSync
  readonly givesRows: boolean
}

/** One connection with its prepared statements. */
export class Statements {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<string, Prepared>()
  /** Statements with lists of varying length would otherwise collect without end. */
  static readonly #most = 500

  constructor(path: string, options: { readOnly?: boolean } = {}) {
    this.#database = new DatabaseSync(path, { timeout: 5000, ...options })
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction
  }

  run(sql: string): void {
    this.#prepare(sql).statement.all()
  }

  execute<R>(query: CompiledQuery): QueryResult<R> {
    const { statement, givesRows } = this.#prepare(query.sql)
    const parameters = query.parameters as SQLInputValue[]
    if (givesRows) return { rows: statement.all(...parameters) as R[] }
    const { changes } = statement.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  close(): void {
    this.#prepared.clear()
    this.#database.close()
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql)
    if (known) return known
    if (this.#prepared.size >= Statements.#most) this.#prepared.clear()
    const statement = this.#database.prepare(sql)
    const prepared = { statement, givesRows: statement.columns().length > 0 }
    this.#prepared.set(sql, prepared)
    return prepared
  }
}
