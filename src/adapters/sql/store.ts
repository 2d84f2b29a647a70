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
  try {
    if (error !== undefined) throw error
    await mustOpen(db, vault)
  } catch (failure) {
    await db.destroy()
    throw failure
  }
  return {
    ...tables(db, engine, vault),
    transaction: (work) =>
      db.transaction().execute((transaction) => work(tables(transaction, engine, vault))),
    close: () => db.destroy(),
  }
}

function tables(db: Kysely<Database>, engine: Engine, vault: Vault): Tables {
  return {
    pools: poolTable(db),
    clients: clientTable(db),
    users: userTable(db, engine),
    authSessions: authSessionTable(db),
    tokenSessions: tokenSessionTable(db),
    messages: messageTable(db, vault),
  }
}

/**
 * A store whose secrets are sealed under other keys would fail at the first sign-in; it is refused at the start.
 * @throws when the keys are not those that the store was first opened with
 */
async function mustOpen(db: Kysely<Database>, vault: Vault): Promise<void> {
  const name = 'vault'
  await db
    .insertInto('installation')
    .values({ name, value: vault.seal(Buffer.from(name), name) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { value } = await db
    .selectFrom('installation')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  try {
    vault.open(value, name)
  } catch {
    throw new Error('the store was sealed under other keys than those in the key file')
  }
}
