import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

/** Resource servers, domains, and how the classic pages look. */
export const domains = (text: TextType): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('resource_servers')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('identifier', text, (c) => c.notNull())
      .addColumn('facts', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('resource_servers_key', ['pool_id', 'identifier'])
      .execute()

    await db.schema
      .createTable('domains')
      .addColumn('host', text, (c) => c.notNull().primaryKey())
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('region', text, (c) => c.notNull())
      .addColumn('slot', 'integer')
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('facts', text, (c) => c.notNull())
      .addUniqueConstraint('domains_slot', ['region', 'slot'])
      .execute()
    await db.schema.createIndex('domains_by_pool').on('domains').columns(['pool_id']).execute()

    await db.schema
      .createTable('ui_customizations')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('client_id', text, (c) => c.notNull())
      .addColumn('facts', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('ui_customizations_key', ['pool_id', 'client_id'])
      .execute()
  },
})
