import type { Kysely, Selectable } from 'kysely'
import type { Group } from '../../domain/group.ts'
import type { UserPoolId } from '../../domain/ids.ts'
import { defined } from '../../lib/defined.ts'
import { DuplicateKey, type Groups, type Memberships } from '../../ports/store.ts'
import { atomic, holdPool, mustHaveChanged } from './atomic.ts'
import type { Database } from './tables.ts'

export function groupTable(db: Kysely<Database>): Groups {
  const rows = (poolId: UserPoolId) => db.selectFrom('groups').selectAll().where('pool_id', '=', poolId)
  return {
    async find(poolId, name) {
      const row = await rows(poolId).where('name', '=', name).executeTakeFirst()
      return row && toGroup(row)
    },

    async page(poolId, { after, limit }) {
      let query = rows(poolId)
      if (after !== undefined) query = query.where('name', '>', after)
      return (await query.orderBy('name').limit(limit).execute()).map(toGroup)
    },

    async hold(poolId) {
      await holdPool(db, poolId)
      const { total } = await db
        .selectFrom('groups')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('pool_id', '=', poolId)
        .executeTakeFirstOrThrow()
      return total
    },

    async create(group) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('groups')
        .values({ ...toRow(group), pool_id: group.poolId, name: group.name })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      if (numInsertedOrUpdatedRows !== 1n) throw new DuplicateKey()
    },

    async save(group) {
      const result = await db
        .updateTable('groups')
        .set({ ...toRow(group), version: group.version + 1 })
        .where('pool_id', '=', group.poolId)
        .where('name', '=', group.name)
        .where('version', '=', group.version)
        .executeTakeFirstOrThrow()
      mustHaveChanged(result)
    },

    delete: (poolId, name) =>
      atomic(db, async (db) => {
        const { numDeletedRows } = await db
          .deleteFrom('groups')
          .where('pool_id', '=', poolId)
          .where('name', '=', name)
          .executeTakeFirstOrThrow()
        await db
          .deleteFrom('group_members')
          .where('pool_id', '=', poolId)
          .where('group_name', '=', name)
          .execute()
        return numDeletedRows === 1n
      }),
  }
}

export function membershipTable(db: Kysely<Database>): Memberships {
  return {
    async groupsOf(poolId, username, { after, limit }) {
      let query = db
        .selectFrom('group_members as own')
        .innerJoin('groups', (join) =>
          join.onRef('groups.pool_id', '=', 'own.pool_id').onRef('groups.name', '=', 'own.group_name'),
        )
        .selectAll('groups')
        .where('own.pool_id', '=', poolId)
        .where('own.username', '=', username)
      if (after !== undefined) query = query.where('own.group_name', '>', after)
      return (await query.orderBy('own.group_name').limit(limit).execute()).map(toGroup)
    },

    async hold(poolId, username) {
      const held = await db
        .updateTable('users')
        .set((users) => ({ version: users.ref('version') }))
        .where('pool_id', '=', poolId)
        .where('username', '=', username)
        .executeTakeFirstOrThrow()
      mustHaveChanged(held)
      const rows = await db
        .selectFrom('group_members')
        .select('group_name')
        .where('pool_id', '=', poolId)
        .where('username', '=', username)
        .execute()
      return rows.map((row) => row.group_name)
    },

    add: (poolId, username, name) =>
      atomic(db, async (db) => {
        // Whoever deletes the group waits for this row, and then finds the membership.
        const held = await db
          .updateTable('groups')
          .set((groups) => ({ version: groups.ref('version') }))
          .where('pool_id', '=', poolId)
          .where('name', '=', name)
          .executeTakeFirstOrThrow()
        mustHaveChanged(held)
        await db
          .insertInto('group_members')
          .values({ pool_id: poolId, username, group_name: name })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      }),

    async remove(poolId, username, name) {
      await db
        .deleteFrom('group_members')
        .where('pool_id', '=', poolId)
        .where('username', '=', username)
        .where('group_name', '=', name)
        .execute()
    },
  }
}

function toRow(group: Group) {
  return {
    description: group.description ?? null,
    role_arn: group.roleArn ?? null,
    precedence: group.precedence ?? null,
    created_at: group.createdAt,
    modified_at: group.modifiedAt,
    version: group.version,
  }
}

function toGroup(row: Selectable<Database['groups']>): Group {
  return {
    poolId: row.pool_id as UserPoolId,
    name: row.name,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    version: row.version,
    ...defined({
      description: row.description ?? undefined,
      roleArn: row.role_arn ?? undefined,
      precedence: row.precedence ?? undefined,
    }),
  }
}
