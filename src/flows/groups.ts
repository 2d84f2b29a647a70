import { Fault } from '../domain/faults.ts'
import type { Group } from '../domain/group.ts'
import type { Pool } from '../domain/pool.ts'
import { mustHaveRoom } from '../domain/quotas.ts'
import type { User } from '../domain/user.ts'
import { DuplicateKey, type Store, type Tables } from '../ports/store.ts'

/** @throws Fault GroupNotFound */
export async function findGroup(store: Tables, pool: Pool, name: string): Promise<Group> {
  const group = await store.groups.find(pool.id, name)
  if (group === undefined) throw new Fault('GroupNotFound')
  return group
}

/** @throws Fault TooMany, GroupExists */
export async function createGroup(store: Store, group: Group): Promise<void> {
  await store.transaction(async (store) => {
    mustHaveRoom('groups in a user pool', await store.groups.hold(group.poolId))
    await store.groups.create(group).catch((error) => {
      throw error instanceof DuplicateKey ? new Fault('GroupExists') : error
    })
  })
}

/** Whoever is in it already stays in it. @throws Fault TooMany */
export async function addToGroup(store: Store, { poolId, username }: User, { name }: Group): Promise<void> {
  await store.transaction(async (store) => {
    const names = await store.memberships.hold(poolId, username)
    if (names.includes(name)) return
    mustHaveRoom('groups of a user', names.length)
    await store.memberships.add(poolId, username, name)
  })
}
