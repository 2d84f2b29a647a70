import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

export const risk = (text: TextType): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('pools').addColumn('logs', text).execute()

    await db.schema
      .createTable('risk_configurations')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('client_id', text, (c) => c.notNull())
      .addColumn('modified_at', 'bigint', (c) => c.notNull())
      .addColumn('facts', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('risk_configurations_key', ['pool_id', 'client_id'])
      .execute()

    await db.schema
      .alterTable('auth_events')
      .addColumn('trusted', 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
    await db.schema
      .createIndex('auth_events_by_trust')
      .on('auth_events')
      .columns(['pool_id', 'username', 'trusted', 'at', 'id'])
      .execute()
  },
})
