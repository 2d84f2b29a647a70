import type { Kysely, Selectable } from 'kysely'
import type { Asset, Branding } from '../../domain/branding.ts'
import type { ClientId, UserPoolId } from '../../domain/ids.ts'
import type { Brandings } from '../../ports/branding.ts'
import { DuplicateKey } from '../../ports/store.ts'
import { atomic, mustHaveChanged } from './atomic.ts'
import { holdClient, holdPool } from './hold.ts'
import type { Database } from './tables.ts'

export function brandingTable(db: Kysely<Database>): Brandings {
  const rows = (poolId: UserPoolId) => db.selectFrom('brandings').selectAll().where('pool_id', '=', poolId)

  async function withAssets(
    row: Selectable<Database['brandings']> | undefined,
  ): Promise<Branding | undefined> {
    if (row === undefined) return undefined
    const assets = await db
      .selectFrom('branding_assets')
      .selectAll()
      .where('pool_id', '=', row.pool_id)
      .where('client_id', '=', row.client_id)
      .orderBy('category')
      .orderBy('color_mode')
      .orderBy('resource_id')
      .execute()
    return toBranding(row, assets.map(toAsset))
  }

  return {
    find: async (poolId, id) => withAssets(await rows(poolId).where('id', '=', id).executeTakeFirst()),

    findOfClient: async (poolId, clientId) =>
      withAssets(await rows(poolId).where('client_id', '=', clientId).executeTakeFirst()),

    async hold(poolId) {
      await holdPool(db, poolId)
      const { total } = await db
        .selectFrom('brandings')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('pool_id', '=', poolId)
        .executeTakeFirstOrThrow()
      return total
    },

    create: (branding) =>
      atomic(db, async (db) => {
        await holdClient(db, branding.poolId, branding.clientId)
        const { numInsertedOrUpdatedRows } = await db
          .insertInto('brandings')
          .values({ ...keyOf(branding), ...toRow(branding), id: branding.id })
          .onConflict((conflict) => conflict.columns(['pool_id', 'client_id']).doNothing())
          .executeTakeFirstOrThrow()
        if (numInsertedOrUpdatedRows !== 1n) throw new DuplicateKey()
        await putAssets(db, branding, branding.assets)
      }),

    async save(branding) {
      const result = await db
        .updateTable('brandings')
        .set({ ...toRow(branding), version: branding.version + 1 })
        .where('pool_id', '=', branding.poolId)
        .where('id', '=', branding.id)
        .where('version', '=', branding.version)
        .executeTakeFirstOrThrow()
      mustHaveChanged(result)
    },

    putAssets: (branding, assets) => putAssets(db, branding, assets),

    delete: ({ poolId, clientId, id }) =>
      atomic(db, async (db) => {
        const { numDeletedRows } = await db
          .deleteFrom('brandings')
          .where('pool_id', '=', poolId)
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        if (numDeletedRows !== 1n) return false
        await db
          .deleteFrom('branding_assets')
          .where('pool_id', '=', poolId)
          .where('client_id', '=', clientId)
          .execute()
        return true
      }),
  }
}

/** One statement an asset: of forty at the largest, one statement would be fifty megabytes. */
async function putAssets(db: Kysely<Database>, branding: Branding, assets: readonly Asset[]): Promise<void> {
  for (const asset of assets) {
    const facts = {
      extension: asset.extension,
      bytes: asset.bytes === undefined ? null : Buffer.from(asset.bytes).toString('base64'),
    }
    await db
      .insertInto('branding_assets')
      .values({
        ...keyOf(branding),
        category: asset.category,
        color_mode: asset.colorMode,
        resource_id: asset.resourceId ?? '',
        ...facts,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['pool_id', 'client_id', 'category', 'color_mode', 'resource_id'])
          .doUpdateSet(facts),
      )
      .execute()
  }
}

const keyOf = ({ poolId, clientId }: Branding) => ({ pool_id: poolId, client_id: clientId })

function toRow(branding: Branding) {
  return {
    created_at: branding.createdAt,
    modified_at: branding.modifiedAt,
    version: branding.version,
    settings: branding.settings === undefined ? null : JSON.stringify(branding.settings),
  }
}

function toBranding(row: Selectable<Database['brandings']>, assets: readonly Asset[]): Branding {
  return {
    poolId: row.pool_id as UserPoolId,
    clientId: row.client_id as ClientId,
    id: row.id,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    version: row.version,
    ...(row.settings !== null && { settings: JSON.parse(row.settings) }),
    assets,
  }
}

function toAsset(row: Selectable<Database['branding_assets']>): Asset {
  return {
    category: row.category as Asset['category'],
    colorMode: row.color_mode as Asset['colorMode'],
    extension: row.extension as Asset['extension'],
    ...(row.resource_id !== '' && { resourceId: row.resource_id }),
    ...(row.bytes !== null && { bytes: Buffer.from(row.bytes, 'base64') }),
  }
}
