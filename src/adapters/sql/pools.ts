import type { Kysely, Selectable } from 'kysely'
import type { UserPoolId } from '../../domain/ids.ts'
import type { Pool } from '../../domain/pool.ts'
import { poolIn, regionalOf } from '../../domain/replica.ts'
import type { PageRequest } from '../../ports/page-request.ts'
import type { Pools, SigningKey } from '../../ports/store.ts'
import { atomic, mustHaveChanged } from './atomic.ts'
import { toReplica } from './replicas.ts'
import type { Database } from './tables.ts'

export function poolTable(db: Kysely<Database>): Pools {
  return {
    async find(id, region) {
      const row = await db.selectFrom('pools').selectAll().where('id', '=', id).executeTakeFirst()
      if (row === undefined || region === undefined || region === row.region) return row && toPool(row)
      const replica = await db
        .selectFrom('replicas')
        .selectAll()
        .where('pool_id', '=', id)
        .where('region', '=', region)
        .executeTakeFirst()
      return replica && poolIn(toPool(row), toReplica(replica))
    },

    async page(region, request) {
      const pools = [
        ...(await pageOfOwn(db, region, request)),
        ...(await pageOfReplicas(db, region, request)),
      ]
      return pools.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, request.limit)
    },

    async hold(region) {
      // There is no row of a region's own: a fact of the installation stands for it.
      await db
        .insertInto('installation')
        .values({ name: `pools ${region}`, value: '' })
        .onConflict((conflict) =>
          conflict.column('name').doUpdateSet((update) => ({ value: update.ref('installation.value') })),
        )
        .execute()
      const { total } = await db
        .selectFrom('pools')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('region', '=', region)
        .executeTakeFirstOrThrow()
      return total
    },

    create: (pool, keys) =>
      atomic(db, async (db) => {
        await db
          .insertInto('pools')
          .values({ ...toRow(pool), id: pool.id, region: pool.region })
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
      if (pool.replica !== undefined) return saveRegional(db, pool)
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
        // The pool first: whoever holds it to create something is waited for, and what they created is found.
        await db.deleteFrom('pools').where('id', '=', id).execute()
        for (const table of tablesOfPool) await db.deleteFrom(table).where('pool_id', '=', id).execute()
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

/** The pools that were created in a region. */
async function pageOfOwn(db: Kysely<Database>, region: string, { after = '', limit }: PageRequest) {
  const rows = await db
    .selectFrom('pools')
    .selectAll()
    .where('region', '=', region)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(toPool)
}

/** The pools that have a replica in a region. */
async function pageOfReplicas(db: Kysely<Database>, region: string, { after = '', limit }: PageRequest) {
  const rows = await db
    .selectFrom('replicas as there')
    .innerJoin('pools', 'pools.id', 'there.pool_id')
    .selectAll('pools')
    .select([
      'there.status',
      'there.created_at as there_created_at',
      'there.modified_at as there_modified_at',
      'there.version as there_version',
      'there.settings as there_settings',
      'there.tags as there_tags',
    ])
    .where('there.region', '=', region)
    .where('there.pool_id', '>', after)
    .orderBy('there.pool_id')
    .limit(limit)
    .execute()
  return rows.map((row) => {
    const there = {
      pool_id: row.id,
      region,
      status: row.status,
      created_at: row.there_created_at,
      modified_at: row.there_modified_at,
      version: row.there_version,
      settings: row.there_settings,
      tags: row.there_tags,
    }
    return poolIn(toPool(row), toReplica(there))
  })
}

/** Of a pool that is looked at through its replica, what is of that region alone. */
async function saveRegional(db: Kysely<Database>, pool: Pool): Promise<void> {
  const result = await db
    .updateTable('replicas')
    .set({
      settings: JSON.stringify(regionalOf(pool.settings)),
      tags: JSON.stringify(pool.tags),
      modified_at: pool.modifiedAt,
      version: pool.version + 1,
    })
    .where('pool_id', '=', pool.id)
    .where('region', '=', pool.region)
    .where('version', '=', pool.version)
    .executeTakeFirstOrThrow()
  mustHaveChanged(result)
}

/** Every table with rows that belong to a pool. */
const tablesOfPool = [
  'replicas',
  'pool_keys',
  'clients',
  'client_pools',
  'users',
  'user_attributes',
  'user_aliases',
  'user_counts',
  'groups',
  'group_members',
  'brandings',
  'branding_assets',
  'terms',
  'auth_sessions',
  'token_sessions',
  'authorization_codes',
  'used_assertions',
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
  'resource_servers',
  'domains',
  'ui_customizations',
  'import_jobs',
  'import_chunks',
  'import_lines',
  'running_imports',
  'identity_providers',
  'provider_identifiers',
  'linked_identities',
  'pool_certificates',
  'risk_configurations',
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
    imported_hash: pool.importedHash === undefined ? null : JSON.stringify(pool.importedHash),
    logs: pool.logs === undefined ? null : JSON.stringify(pool.logs),
  }
}

function toPool(row: Selectable<Database['pools']>): Pool {
  return {
    id: row.id as UserPoolId,
    region: row.region,
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
    ...(row.imported_hash !== null && { importedHash: JSON.parse(row.imported_hash) }),
    ...(row.logs !== null && { logs: JSON.parse(row.logs) }),
  }
}
