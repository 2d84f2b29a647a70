/** Where a store is kept, for tests that open it more than once or look past it at the rows. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, sql } from 'kysely'
import type { Engine } from '../src/adapters/sql/engine.ts'
import { postgresEngine } from '../src/adapters/sql/postgres.ts'
import { sqliteEngine } from '../src/adapters/sql/sqlite.ts'
import { openVault, parseVaultKeys } from '../src/adapters/vault/local.ts'
import type { Vault } from '../src/ports/vault.ts'
import { createDatabase, type StoreKind } from './harness.ts'

export interface Place {
  /** A folder of its own; the database of SQLite is in it. */
  readonly folder: string
  /** A fresh engine on the same database. */
  readonly engine: () => Engine
  /** What `cognate serve` is told to keep its store here. */
  readonly settings: readonly string[]
  readonly remove: () => Promise<void>
}

export async function createPlace(kind: StoreKind): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'cognate-place-'))
  const removeFolder = () => rm(folder, { recursive: true, force: true })
  if (kind === 'sqlite') {
    return {
      folder,
      engine: () => sqliteEngine(join(folder, 'cognate.sqlite')),
      settings: ['--data', folder],
      remove: removeFolder,
    }
  }
  const { url, remove } = await createDatabase()
  return {
    folder,
    engine: () => postgresEngine(url, () => {}),
    settings: ['--data', folder, '--database-url', url, '--key-file', join(folder, 'keys.json')],
    async remove() {
      await remove()
      await removeFolder()
    },
  }
}

export function vaultOf(byte: number): Vault {
  const secret = Buffer.alloc(32, byte).toString('base64')
  return openVault(parseVaultKeys(JSON.stringify({ keys: [{ id: 'test', secret }] })))
}

export type Row = Readonly<Record<string, unknown>>

/** Every row of every table, by table, as the database has it. */
export async function allRows(place: Pick<Place, 'engine'>): Promise<Map<string, Row[]>> {
  return withDatabase(place, async (db) => {
    const rows = new Map<string, Row[]>()
    for (const { name } of await db.introspection.getTables()) {
      const found = await sql<Row>`select * from ${sql.table(name)}`.execute(db)
      rows.set(name, found.rows)
    }
    return rows
  })
}

/** Statements of the test's own, beside the store. */
export async function withDatabase<T>(
  place: Pick<Place, 'engine'>,
  work: (db: Kysely<unknown>) => Promise<T>,
): Promise<T> {
  const db = new Kysely<unknown>({ dialect: place.engine().dialect })
  try {
    return await work(db)
  } finally {
    await db.destroy()
  }
}
