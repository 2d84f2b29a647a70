import { Fault } from '../domain/faults.ts'
import { type Group, mostGroups, mostGroupsOfUser } from '../domain/group.ts'
import type { Pool } from '../domain/pool.ts'
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
    if ((await store.groups.hold(group.poolId)) >= mostGroups) {
      throw new Fault('TooMany', 'groups in a user pool', mostGroups)
    }
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
    if (names.length >= mostGroupsOfUser) throw new Fault('TooMany', 'groups of a user', mostGroupsOfUser)
    await store.memberships.add(poolId, username, name)
  })
}
