import type { Kysely } from 'kysely'
import type { UserPoolId } from '../../domain/ids.ts'
import { StaleRow } from '../../ports/store.ts'
import type { Database } from './tables.ts'

/** Several statements as one: a transaction of their own, or part of the one that is open. */
export function atomic<T>(db: Kysely<Database>, work: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}

/** A compare-and-set that found no row with the version it was given. */
export function mustHaveChanged(result: { readonly numUpdatedRows: bigint }): void {
  if (result.numUpdatedRows !== 1n) throw new StaleRow()
}

/** Nobody else who holds the pool, or saves it, goes on before the transaction ends. @throws StaleRow when it is gone */
export async function holdPool(db: Kysely<Database>, poolId: UserPoolId): Promise<void> {
  const held = await db
    .updateTable('pools')
    .set((pools) => ({ version: pools.ref('version') }))
    .where('id', '=', poolId)
    .executeTakeFirstOrThrow()
  mustHaveChanged(held)
}
