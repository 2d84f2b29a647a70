import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

export const sessions = (text: TextType): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('pools').addColumn('sessions', text).execute()
    await db.schema.alterTable('clients').addColumn('sso_minutes', 'integer').execute()

    await db.schema
      .alterTable('retired_tokens')
      .addColumn('successor', text, (c) => c.notNull().defaultTo(''))
      .execute()
    await db.schema
      .alterTable('retired_tokens')
      .addColumn('retired_at', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute()

    await db.schema.alterTable('token_sessions').addColumn('session_id', text).execute()
    await db.schema.alterTable('token_sessions').addColumn('origin_session_id', text).execute()
    await db.schema.alterTable('token_sessions').addColumn('last_active_at', 'bigint').execute()
    await db.schema.alterTable('token_sessions').addColumn('record', text).execute()
    await db.schema
      .createIndex('token_sessions_by_session')
      .on('token_sessions')
      .columns(['pool_id', 'session_id'])
      .unique()
      .execute()

    await db.schema
      .createTable('sso_sessions')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('id', text, (c) => c.notNull())
      .addColumn('client_id', text, (c) => c.notNull())
      .addColumn('username', text, (c) => c.notNull())
      .addColumn('last_active_at', 'bigint', (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('record', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('sso_sessions_key', ['pool_id', 'id'])
      .execute()
    await db.schema
      .createIndex('sso_sessions_by_user')
      .on('sso_sessions')
      .columns(['pool_id', 'username'])
      .execute()
    await db.schema.createIndex('sso_sessions_by_end').on('sso_sessions').columns(['expires_at']).execute()
  },
})
