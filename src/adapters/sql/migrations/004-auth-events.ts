import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

export const authEvents = (text: TextType): Migration => ({
  async up(db: Kysely<unknown>) {
    // Nothing was recorded in the form before.
    await db.schema.dropTable('auth_events').execute()
    await db.schema
      .createTable('auth_events')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('username', text, (c) => c.notNull())
      .addColumn('id', text, (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('facts', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('auth_events_key', ['pool_id', 'username', 'id'])
      .execute()
    await db.schema
      .createIndex('auth_events_by_time')
      .on('auth_events')
      .columns(['pool_id', 'username', 'at', 'id'])
      .execute()
    await db.schema.createIndex('auth_events_by_end').on('auth_events').columns(['expires_at']).execute()

    await db.schema.alterTable('token_sessions').addColumn('event_id', text).execute()
  },
})
