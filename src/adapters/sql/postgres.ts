import { createHash } from 'node:crypto'
import { PostgresDialect, type PostgresPoolClient, sql } from 'kysely'
import pg from 'pg'
import type { Engine } from './engine.ts'

/** PostgreSQL through `pg`. Statements are prepared once a connection, under a name derived from their text. */
export function postgresEngine(url: string, report: (error: Error) => void): Engine {
  const pool = new pg.Pool({ connectionString: url, max: 16, types: { getTypeParser } })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', report)
  return {
    dialect: new PostgresDialect({
      pool: {
        connect: async () => prepared(await pool.connect()),
        end: () => pool.end(),
        options: {},
      },
    }),
    text: sql`text collate "C"`,
  }
}

/** Whole numbers of 64 bits arrive as text; ours are instants and counts, well within a double. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === pg.types.builtins.INT8) return Number
  return pg.types.getTypeParser(oid, format as 'text')
}

const names = new Map<string, string>()

/** Kysely's view of a connection, each statement under its name. Cursors are never asked for. */
function prepared(client: pg.PoolClient): PostgresPoolClient {
  const query = (text: string, values: unknown[]) => client.query({ name: nameOf(text), text, values })
  return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release() }
}

function nameOf(text: string): string {
  const known = names.get(text)
  if (known) return known
  const name = createHash('sha256').update(text).digest('base64url')
  if (names.size < 1000) names.set(text, name)
  return name
}
