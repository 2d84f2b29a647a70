import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

export const replicas = (text: TextType): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('replicas')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('region', text, (c) => c.notNull())
      .addColumn('status', text, (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('modified_at', 'bigint', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('settings', text, (c) => c.notNull())
      .addColumn('tags', text, (c) => c.notNull())
      // The whole key: a pool has one secondary at most.
      .addPrimaryKeyConstraint('replicas_key', ['pool_id'])
      .execute()
    await db.schema.createIndex('replicas_by_region').on('replicas').columns(['region', 'pool_id']).execute()
  },
})
