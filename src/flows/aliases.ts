import type { Alias } from '../domain/alias.ts'
import type { Username } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import type { Instant } from '../lib/instant.ts'
import type { Tables } from '../ports/store.ts'
import { saveUser } from './save-user.ts'

/**
 * Takes addresses that are aliases from whoever else holds them: the loser keeps the address, no longer verified. A
 * preferred username is not proven by a code, and is not taken.
 */
export async function takeAliases(
  store: Tables,
  pool: Pool,
  aliases: readonly Alias[],
  taker: Username,
  now: Instant,
): Promise<void> {
  for (const alias of aliases) {
    if (alias.kind === 'preferred_username') continue
    const loser = await store.users.findByAlias(pool.id, alias)
    if (loser === undefined || loser.username === taker) continue
    const attributes = { ...loser.attributes, [`${alias.kind}_verified`]: 'false' }
    await saveUser(store, pool, loser, { ...loser, attributes }, now)
  }
}
