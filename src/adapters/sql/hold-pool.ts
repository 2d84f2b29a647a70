import type { Kysely } from 'kysely'
import type { UserPoolId } from '../../domain/ids.ts'
import { mustHaveChanged } from './atomic.ts'
import type { Database } from './tables.ts'

/** Before the transaction ends nobody else holds or changes the pool. @throws StaleRow when it is gone */
export async function holdPool(db: Kysely<Database>, poolId: UserPoolId): Promise<void> {
  const held = await db
    .updateTable('pools')
    .set((pools) => ({ version: pools.ref('version') }))
    .where('id', '=', poolId)
    .executeTakeFirstOrThrow()
  mustHaveChanged(held)
}
