import { aliasesOf } from '../domain/alias.ts'
import { Fault } from '../domain/faults.ts'
import type { Pool } from '../domain/pool.ts'
import type { User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import { AliasTaken, type Tables } from '../ports/store.ts'

/**
 * Saves what became of a user, moves the modification date and keeps the aliases true.
 * @throws Fault AliasExists, StaleRow
 */
export async function saveUser(
  store: Tables,
  pool: Pool,
  before: User,
  after: User,
  now: Instant,
): Promise<User> {
  const user = { ...after, modifiedAt: now }
  try {
    await store.users.save(before, user, aliasesOf(pool, user))
  } catch (error) {
    if (error instanceof AliasTaken) throw new Fault('AliasExists', error.alias.kind)
    throw error
  }
  return { ...user, version: before.version + 1 }
}
