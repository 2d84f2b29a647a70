import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

export const identityProviders = (text: TextType): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('identity_providers')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('type', text, (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('modified_at', 'bigint', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('facts', text, (c) => c.notNull())
      .addColumn('sealed_secrets', text)
      .addPrimaryKeyConstraint('identity_providers_key', ['pool_id', 'name'])
      .execute()

    await db.schema
      .createTable('provider_identifiers')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('identifier', text, (c) => c.notNull())
      .addColumn('provider', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('provider_identifiers_key', ['pool_id', 'identifier'])
      .execute()
    await db.schema
      .createIndex('provider_identifiers_by_provider')
      .on('provider_identifiers')
      .columns(['pool_id', 'provider'])
      .execute()

    await db.schema
      .createTable('linked_identities')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('provider', text, (c) => c.notNull())
      .addColumn('attribute', text, (c) => c.notNull())
      .addColumn('value', text, (c) => c.notNull())
      .addColumn('username', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('linked_identities_key', ['pool_id', 'provider', 'attribute', 'value'])
      .execute()
    await db.schema
      .createIndex('linked_identities_by_user')
      .on('linked_identities')
      .columns(['pool_id', 'username'])
      .execute()

    await db.schema
      .createTable('pool_certificates')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('use', text, (c) => c.notNull())
      .addColumn('certificate', text, (c) => c.notNull())
      .addColumn('sealed_private_key', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('pool_certificates_key', ['pool_id', 'use'])
      .execute()
  },
})
