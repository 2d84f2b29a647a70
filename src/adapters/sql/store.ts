import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { Store, Tables } from '../../ports/store.ts'
import type { Vault } from '../../ports/vault.ts'
import { clientTable } from './clients.ts'
import type { Engine } from './engine.ts'
import { messageTable } from './messages.ts'
import { migrationProvider } from './migrations.ts'
import { poolTable } from './pools.ts'
import { authSessionTable, tokenSessionTable } from './sessions.ts'
import type { Database } from './tables.ts'
import { userTable } from './users.ts'

/** Opens the store and brings its tables up to date. */
export async function openStore(engine: Engine, vault: Vault): Promise<Store> {
  const db = new Kysely<Database>({ dialect: engine.dialect })
  const migrator = new Migrator({ db, provider: migrationProvider(engine.text) })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) {
    await db.destroy()
    throw error
  }
  return {
    ...tables(db, vault),
    transaction: (work) => db.transaction().execute((transaction) => work(tables(transaction, vault))),
    close: () => db.destroy(),
  }
}

function tables(db: Kysely<Database>, vault: Vault): Tables {
  return {
    pools: poolTable(db),
    clients: clientTable(db),
    users: userTable(db),
    authSessions: authSessionTable(db),
    tokenSessions: tokenSessionTable(db),
    messages: messageTable(db, vault),
  }
}
