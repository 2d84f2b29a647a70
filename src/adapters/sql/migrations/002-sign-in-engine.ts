import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

export const signInEngine = (text: TextType): Migration => ({
  async up(db: Kysely<unknown>) {
    // Sign-ins under way do not survive the change of form; they live for minutes.
    await db.schema.dropTable('auth_sessions').execute()
    await db.schema
      .createTable('auth_sessions')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('digest', text, (c) => c.notNull())
      .addColumn('client_id', text, (c) => c.notNull())
      .addColumn('username', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('challenge', text, (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('started_at', 'bigint', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('progress', text, (c) => c.notNull())
      .addColumn('question', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('auth_sessions_key', ['pool_id', 'digest'])
      .execute()
    await db.schema.createIndex('auth_sessions_by_end').on('auth_sessions').columns(['expires_at']).execute()
    await db.schema
      .createIndex('auth_sessions_by_user')
      .on('auth_sessions')
      .columns(['pool_id', 'username'])
      .execute()

    await db.schema
      .alterTable('token_sessions')
      .addColumn('methods', text, (c) => c.notNull().defaultTo('["pwd"]'))
      .execute()
    await db.schema.alterTable('token_sessions').addColumn('device_key', text).execute()

    await db.schema
      .createTable('retired_tokens')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('digest', text, (c) => c.notNull())
      .addColumn('session_id', text, (c) => c.notNull())
      .addColumn('grace_until', 'bigint', (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('retired_tokens_key', ['pool_id', 'digest'])
      .execute()
    await db.schema
      .createIndex('retired_tokens_by_session')
      .on('retired_tokens')
      .columns(['pool_id', 'session_id'])
      .execute()
    await db.schema
      .createIndex('retired_tokens_by_end')
      .on('retired_tokens')
      .columns(['expires_at'])
      .execute()

    await db.schema
      .createTable('codes')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('username', text, (c) => c.notNull())
      .addColumn('purpose', text, (c) => c.notNull())
      .addColumn('digest', text, (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('value', text)
      .addPrimaryKeyConstraint('codes_key', ['pool_id', 'username', 'purpose'])
      .execute()
    await db.schema.createIndex('codes_by_end').on('codes').columns(['expires_at']).execute()

    await db.schema
      .createTable('failures')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('count', 'integer', (c) => c.notNull())
      .addColumn('last_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('failures_key', ['pool_id', 'name'])
      .execute()
    await db.schema.createIndex('failures_by_time').on('failures').columns(['last_at']).execute()

    await db.schema
      .createTable('quotas')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('subject', text, (c) => c.notNull())
      .addColumn('since', 'bigint', (c) => c.notNull())
      .addColumn('count', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('quotas_key', ['pool_id', 'subject', 'since'])
      .execute()
    await db.schema.createIndex('quotas_by_time').on('quotas').columns(['since']).execute()

    await db.schema
      .createTable('software_tokens')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('username', text, (c) => c.notNull())
      .addColumn('sealed', text, (c) => c.notNull())
      .addColumn('device_name', text)
      .addColumn('last_step', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('software_tokens_key', ['pool_id', 'username'])
      .execute()

    await db.schema
      .createTable('passkeys')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('username', text, (c) => c.notNull())
      .addColumn('id', text, (c) => c.notNull())
      .addColumn('facts', text, (c) => c.notNull())
      .addColumn('counter', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('passkeys_key', ['pool_id', 'username', 'id'])
      .execute()

    await db.schema
      .createTable('devices')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('username', text, (c) => c.notNull())
      .addColumn('key', text, (c) => c.notNull())
      .addColumn('confirmed', 'integer', (c) => c.notNull())
      .addColumn('facts', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('devices_key', ['pool_id', 'username', 'key'])
      .execute()

    await db.schema
      .createTable('password_history')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('username', text, (c) => c.notNull())
      .addColumn('set_at', 'bigint', (c) => c.notNull())
      .addColumn('password', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('password_history_key', ['pool_id', 'username', 'set_at'])
      .execute()

    await db.schema
      .createTable('auth_events')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('username', text, (c) => c.notNull())
      .addColumn('id', text, (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('facts', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('auth_events_key', ['pool_id', 'username', 'id'])
      .execute()
    await db.schema.createIndex('auth_events_by_time').on('auth_events').columns(['at']).execute()
  },
})
