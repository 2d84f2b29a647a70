import { aliasKinds, canonical } from '../domain/alias.ts'
import type { Username } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import type { User } from '../domain/user.ts'
import type { Tables } from '../ports/store.ts'

/**
 * The user whom a name stands for: a username (a federated user's too), then an alias that the pool signs in with,
 * then a `sub`. Source: the Username member of every Admin operation in AWS's API reference.
 */
export async function findUser(store: Tables, pool: Pool, name: string): Promise<User | undefined> {
  const wanted = canonical(pool.identity, name)
  const named = await store.users.find(pool.id, wanted as Username)
  if (named !== undefined) return named
  for (const kind of aliasKinds(pool.identity)) {
    if (!couldBe[kind](wanted)) continue
    const found = await store.users.findByAlias(pool.id, { kind, value: wanted })
    if (found !== undefined) return found
  }
  return uuid.test(wanted) ? store.users.findBySub(pool.id, wanted.toLowerCase()) : undefined
}

const couldBe = {
  email: (name: string) => name.includes('@'),
  phone_number: (name: string) => name.startsWith('+'),
  preferred_username: () => true,
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
