import { createHash } from 'node:crypto'
import { PostgresDialect, type PostgresPoolClient, sql } from 'kysely'
import pg from 'pg'
import { StaleRow } from '../../ports/store.ts'
import type { Engine } from './engine.ts'

/** PostgreSQL through `pg`. Statements are prepared once a connection, under a name derived from their text. */
export function postgresEngine(url: string, report: (error: Error) => void): Engine {
  const pool = new pg.Pool({
    connectionString: url,
    max: 16,
    // An address that swallows packets would otherwise be waited for as long as TCP likes to.
    connectionTimeoutMillis: 10_000,
    types: { getTypeParser },
  })
  // A connection that breaks is replaced by the pool, and its query refused. Without listeners (the pool has one of its
  // own for connections that are idle, and none for those in use) it would end the process.
  pool.on('error', report)
  pool.on('connect', (client) => client.on('error', () => {}))
  const names = new StatementNames()
  return {
    dialect: new PostgresDialect({
      pool: {
        connect: async () => prepared(await pool.connect(), names),
        end: () => pool.end(),
        options: {},
      },
    }),
    text: sql`text collate "C"`,
    jsonObject: sql`json_object_agg(name, value)::text`,
  }
}

/** Whole numbers of 64 bits arrive as text; ours are instants and counts, well within a double. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === pg.types.builtins.INT8) return Number
  return pg.types.getTypeParser(oid, format as 'text')
}

/** Kysely's view of a connection, each statement under its name. Cursors are never asked for. */
function prepared(client: pg.PoolClient, names: StatementNames): PostgresPoolClient {
  async function query(text: string, values: unknown[]) {
    const name = names.of(text)
    try {
      return await client.query({ name, text, values: values.map(storable) })
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error
      const outdated = error.routine === 'RevalidateCachedQuery'
      if (outdated) names.renew(name)
      throw outdated || lostRaces.has(error.code) ? new StaleRow(error.message, { cause: error }) : error
    }
  }
  return {
    query: query as unknown as PostgresPoolClient['query'],
    release: (discard) => client.release(discard),
  }
}

/**
 * PostgreSQL's text holds every character but NUL, and fails on a query that asks for one. Nothing stored has it (the
 * schema's check refuses it), so a look-up by what stands here for it finds nobody, as on SQLite.
 */
function storable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value
}

/** serialization_failure (not of PostgreSQL itself at our isolation, but of its distributed relatives), deadlock_detected */
const lostRaces: ReadonlySet<string | undefined> = new Set(['40001', '40P01'])

/**
 * The names of prepared statements: digests of their texts. When a newer node adds a column, `select *` as it was prepared
 * fails for good on every connection; under a new name it is prepared again.
 */
class StatementNames {
  readonly #known = new Map<string, string>()
  #generation = 0

  of(text: string): string {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const name = `${this.#generation}.${createHash('sha256').update(text).digest('base64url')}`
    if (this.#known.size < 1000) this.#known.set(text, name)
    return name
  }

  /** Many may meet the same change at once; the first of them is enough. */
  renew(name: string): void {
    if (!name.startsWith(`${this.#generation}.`)) return
    this.#generation += 1
    this.#known.clear()
  }
}
