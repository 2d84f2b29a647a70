import type { Kysely } from 'kysely'
import type { ClientId, UserPoolId } from '../../domain/ids.ts'
import { mustHaveChanged } from './atomic.ts'
import type { Database } from './tables.ts'

/** Nobody else holds, saves or deletes the row before the transaction ends. Each throws StaleRow when it is gone. */

export async function holdPool(db: Kysely<Database>, id: UserPoolId): Promise<void> {
  const held = await db
    .updateTable('pools')
    .set((pools) => ({ version: pools.ref('version') }))
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  mustHaveChanged(held)
}

export async function holdClient(db: Kysely<Database>, poolId: UserPoolId, id: ClientId): Promise<void> {
  const held = await db
    .updateTable('clients')
    .set((clients) => ({ version: clients.ref('version') }))
    .where('pool_id', '=', poolId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  mustHaveChanged(held)
}
