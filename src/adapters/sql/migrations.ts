import type { ColumnDataType, Expression, Kysely } from 'kysely'
import type { Migration, MigrationProvider } from 'kysely/migration'
import { attributeIndex } from './migrations/006-attribute-index.ts'

/** How an engine spells text that compares by code point, so that keyset pages and prefix searches agree on both. */
export type TextType = ColumnDataType | Expression<unknown>

/** One list for both databases, in order of key, never edited after release. */
const migrations = (text: TextType): Record<string, Migration> => ({
  '001-first': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('installation')
        .addColumn('name', text, (c) => c.notNull().primaryKey())
        .addColumn('value', text, (c) => c.notNull())
        .execute()

      await db.schema
        .createTable('pools')
        .addColumn('id', text, (c) => c.notNull().primaryKey())
        .addColumn('region', text, (c) => c.notNull())
        .addColumn('name', text, (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('modified_at', 'bigint', (c) => c.notNull())
        .addColumn('version', 'integer', (c) => c.notNull())
        .addColumn('schema', text, (c) => c.notNull())
        .addColumn('identity', text, (c) => c.notNull())
        .addColumn('settings', text, (c) => c.notNull())
        .addColumn('mfa', text, (c) => c.notNull())
        .addColumn('tags', text, (c) => c.notNull())
        .execute()
      await db.schema.createIndex('pools_by_region').on('pools').columns(['region', 'id']).execute()

      await db.schema
        .createTable('pool_keys')
        .addColumn('pool_id', text, (c) => c.notNull())
        .addColumn('use', text, (c) => c.notNull())
        .addColumn('kid', text, (c) => c.notNull())
        .addColumn('jwk', text, (c) => c.notNull())
        .addColumn('sealed_private_key', text, (c) => c.notNull())
        .addPrimaryKeyConstraint('pool_keys_key', ['pool_id', 'use'])
        .execute()

      await db.schema
        .createTable('clients')
        .addColumn('pool_id', text, (c) => c.notNull())
        .addColumn('id', text, (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('modified_at', 'bigint', (c) => c.notNull())
        .addColumn('version', 'integer', (c) => c.notNull())
        .addColumn('secrets', text, (c) => c.notNull())
        .addColumn('settings', text, (c) => c.notNull())
        .addPrimaryKeyConstraint('clients_key', ['pool_id', 'id'])
        .execute()
      await db.schema
        .createTable('client_pools')
        .addColumn('client_id', text, (c) => c.notNull().primaryKey())
        .addColumn('pool_id', text, (c) => c.notNull())
        .execute()

      await db.schema
        .createTable('users')
        .addColumn('pool_id', text, (c) => c.notNull())
        .addColumn('username', text, (c) => c.notNull())
        .addColumn('sub', text, (c) => c.notNull())
        .addColumn('status', text, (c) => c.notNull())
        .addColumn('enabled', 'integer', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('modified_at', 'bigint', (c) => c.notNull())
        .addColumn('version', 'integer', (c) => c.notNull())
        .addColumn('password', text)
        .addColumn('mfa', text, (c) => c.notNull())
        .addColumn('signed_out_at', 'bigint')
        .addPrimaryKeyConstraint('users_key', ['pool_id', 'username'])
        .execute()
      await db.schema.createIndex('users_by_sub').on('users').columns(['pool_id', 'sub']).unique().execute()
      await db.schema
        .createIndex('users_by_status')
        .on('users')
        .columns(['pool_id', 'status', 'username'])
        .execute()
      await db.schema
        .createIndex('users_by_enabled')
        .on('users')
        .columns(['pool_id', 'enabled', 'username'])
        .execute()

      await db.schema
        .createTable('user_attributes')
        .addColumn('pool_id', text, (c) => c.notNull())
        .addColumn('username', text, (c) => c.notNull())
        .addColumn('name', text, (c) => c.notNull())
        .addColumn('value', text, (c) => c.notNull())
        .addPrimaryKeyConstraint('user_attributes_key', ['pool_id', 'username', 'name'])
        .execute()
      await db.schema
        .createIndex('user_attributes_by_value')
        .on('user_attributes')
        .columns(['pool_id', 'name', 'value', 'username'])
        .execute()

      await db.schema
        .createTable('user_aliases')
        .addColumn('pool_id', text, (c) => c.notNull())
        .addColumn('kind', text, (c) => c.notNull())
        .addColumn('value', text, (c) => c.notNull())
        .addColumn('username', text, (c) => c.notNull())
        .addPrimaryKeyConstraint('user_aliases_key', ['pool_id', 'kind', 'value'])
        .execute()
      await db.schema
        .createIndex('user_aliases_by_user')
        .on('user_aliases')
        .columns(['pool_id', 'username'])
        .execute()

      await db.schema
        .createTable('auth_sessions')
        .addColumn('pool_id', text, (c) => c.notNull())
        .addColumn('digest', text, (c) => c.notNull())
        .addColumn('client_id', text, (c) => c.notNull())
        .addColumn('username', text, (c) => c.notNull())
        .addColumn('challenge', text, (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull())
        .addColumn('started_at', 'bigint', (c) => c.notNull())
        .addColumn('code_digest', text)
        .addColumn('offered', text)
        .addColumn('attempts', 'integer', (c) => c.notNull())
        .addPrimaryKeyConstraint('auth_sessions_key', ['pool_id', 'digest'])
        .execute()
      await db.schema
        .createIndex('auth_sessions_by_end')
        .on('auth_sessions')
        .columns(['expires_at'])
        .execute()
      await db.schema
        .createIndex('auth_sessions_by_user')
        .on('auth_sessions')
        .columns(['pool_id', 'username'])
        .execute()

      await db.schema
        .createTable('token_sessions')
        .addColumn('pool_id', text, (c) => c.notNull())
        .addColumn('id', text, (c) => c.notNull())
        .addColumn('client_id', text, (c) => c.notNull())
        .addColumn('username', text, (c) => c.notNull())
        .addColumn('auth_time', 'bigint', (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull())
        .addColumn('revoked_at', 'bigint')
        .addColumn('refresh_digest', text, (c) => c.notNull())
        .addColumn('scopes', text, (c) => c.notNull())
        .addPrimaryKeyConstraint('token_sessions_key', ['pool_id', 'id'])
        .execute()
      await db.schema
        .createIndex('token_sessions_by_refresh')
        .on('token_sessions')
        .columns(['pool_id', 'refresh_digest'])
        .unique()
        .execute()
      await db.schema
        .createIndex('token_sessions_by_user')
        .on('token_sessions')
        .columns(['pool_id', 'username'])
        .execute()
      await db.schema
        .createIndex('token_sessions_by_end')
        .on('token_sessions')
        .columns(['expires_at'])
        .execute()

      await db.schema
        .createTable('messages')
        .addColumn('pool_id', text, (c) => c.notNull())
        .addColumn('id', text, (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('medium', text, (c) => c.notNull())
        .addColumn('recipient', text, (c) => c.notNull())
        .addColumn('sealed', text, (c) => c.notNull())
        .addPrimaryKeyConstraint('messages_key', ['pool_id', 'id'])
        .execute()
      await db.schema
        .createIndex('messages_by_recipient')
        .on('messages')
        .columns(['pool_id', 'recipient', 'created_at'])
        .execute()
      await db.schema.createIndex('messages_by_time').on('messages').columns(['created_at']).execute()
    },
  },
  '002-sign-in-engine': {
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
      await db.schema
        .createIndex('auth_sessions_by_end')
        .on('auth_sessions')
        .columns(['expires_at'])
        .execute()
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
  },
  '003-sessions': {
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
  },
  '006-attribute-index': attributeIndex,
})

export const migrationProvider = (text: TextType): MigrationProvider => ({
  getMigrations: async () => migrations(text),
})
