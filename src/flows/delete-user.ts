import { Fault } from '../domain/faults.ts'
import type { User } from '../domain/user.ts'
import type { Store } from '../ports/store.ts'

/** With all that is theirs; whoever gets the name next is not locked out by what was tried before. @throws Fault UserNotFound */
export async function deleteUser(store: Store, { poolId, username }: User): Promise<void> {
  await store.transaction(async (store) => {
    if (!(await store.users.delete(poolId, username))) throw new Fault('UserNotFound')
    await store.failures.clear(poolId, username)
  })
}
