import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

export const brandingAndTerms = (text: TextType): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('brandings')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('client_id', text, (c) => c.notNull())
      .addColumn('id', text, (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('modified_at', 'bigint', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('settings', text)
      .addPrimaryKeyConstraint('brandings_key', ['pool_id', 'client_id'])
      .execute()
    await db.schema
      .createIndex('brandings_by_id')
      .unique()
      .on('brandings')
      .columns(['pool_id', 'id'])
      .execute()

    await db.schema
      .createTable('branding_assets')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('client_id', text, (c) => c.notNull())
      .addColumn('category', text, (c) => c.notNull())
      .addColumn('color_mode', text, (c) => c.notNull())
      .addColumn('resource_id', text, (c) => c.notNull())
      .addColumn('extension', text, (c) => c.notNull())
      .addColumn('bytes', text)
      .addPrimaryKeyConstraint('branding_assets_key', [
        'pool_id',
        'client_id',
        'category',
        'color_mode',
        'resource_id',
      ])
      .execute()

    await db.schema
      .createTable('terms')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('id', text, (c) => c.notNull())
      .addColumn('client_id', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('modified_at', 'bigint', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('links', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('terms_key', ['pool_id', 'id'])
      .execute()
    await db.schema
      .createIndex('terms_of_client')
      .unique()
      .on('terms')
      .columns(['pool_id', 'client_id', 'name'])
      .execute()
  },
})
