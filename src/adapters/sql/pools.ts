import type { Kysely, Selectable } from 'kysely'
import type { UserPoolId } from '../../domain/ids.ts'
import { regionOf } from '../../domain/ids.ts'
import type { Pool } from '../../domain/pool.ts'
import type { Pools, SigningKey } from '../../ports/store.ts'
import { atomic, mustHaveChanged } from './atomic.ts'
import type { Database } from './tables.ts'

export function poolTable(db: Kysely<Database>): Pools {
  return {
    async find(id) {
      const row = await db.selectFrom('pools').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toPool(row)
    },

    async page(region, { after, limit }) {
      let query = db.selectFrom('pools').selectAll().where('region', '=', region)
      if (after !== undefined) query = query.where('id', '>', after)
      const rows = await query.orderBy('id').limit(limit).execute()
      return rows.map(toPool)
    },

    create: (pool, keys) =>
      atomic(db, async (db) => {
        await db
          .insertInto('pools')
          .values({ ...toRow(pool), id: pool.id, region: regionOf(pool.id) })
          .execute()
        await db
          .insertInto('pool_keys')
          .values(
            keys.map((key) => ({
              pool_id: pool.id,
              use: key.use,
              kid: key.kid,
              jwk: JSON.stringify(key.jwk),
              sealed_private_key: key.sealedPrivateKey,
            })),
          )
          .execute()
      }),

    async save(pool) {
      const result = await db
        .updateTable('pools')
        .set({ ...toRow(pool), version: pool.version + 1 })
        .where('id', '=', pool.id)
        .where('version', '=', pool.version)
        .executeTakeFirstOrThrow()
      mustHaveChanged(result)
    },

    delete: (id) =>
      atomic(db, async (db) => {
        for (const table of tablesOfPool) await db.deleteFrom(table).where('pool_id', '=', id).execute()
        await db.deleteFrom('pools').where('id', '=', id).execute()
      }),

    async keys(id) {
      const rows = await db
        .selectFrom('pool_keys')
        .selectAll()
        .where('pool_id', '=', id)
        .orderBy('use')
        .execute()
      return rows.map(
        (row): SigningKey => ({
          use: row.use,
          kid: row.kid,
          jwk: JSON.parse(row.jwk),
          sealedPrivateKey: row.sealed_private_key,
        }),
      )
    },
  }
}

/** Every table with rows that belong to a pool. */
const tablesOfPool = [
  'pool_keys',
  'clients',
  'client_pools',
  'users',
  'user_attributes',
  'user_aliases',
  'user_counts',
  'groups',
  'group_members',
  'auth_sessions',
  'token_sessions',
  'retired_tokens',
  'sso_sessions',
  'messages',
  'codes',
  'failures',
  'quotas',
  'software_tokens',
  'passkeys',
  'devices',
  'password_history',
  'auth_events',
] as const

function toRow(pool: Pool) {
  return {
    name: pool.name,
    created_at: pool.createdAt,
    modified_at: pool.modifiedAt,
    version: pool.version,
    schema: JSON.stringify(pool.schema),
    identity: JSON.stringify(pool.identity),
    settings: JSON.stringify(pool.settings),
    mfa: JSON.stringify(pool.mfa),
    tags: JSON.stringify(pool.tags),
    sessions: pool.sessions === undefined ? null : JSON.stringify(pool.sessions),
  }
}

function toPool(row: Selectable<Database['pools']>): Pool {
  return {
    id: row.id as UserPoolId,
    name: row.name,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    version: row.version,
    schema: JSON.parse(row.schema),
    identity: JSON.parse(row.identity),
    settings: JSON.parse(row.settings),
    mfa: JSON.parse(row.mfa),
    tags: JSON.parse(row.tags),
    ...(row.sessions !== null && { sessions: JSON.parse(row.sessions) }),
  }
}
