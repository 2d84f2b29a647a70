import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

export const first = (text: TextType): Migration => ({
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
    await db.schema.createIndex('auth_sessions_by_end').on('auth_sessions').columns(['expires_at']).execute()
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
})
