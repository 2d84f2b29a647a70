import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

export const groups = (text: TextType): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('groups')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('modified_at', 'bigint', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('description', text)
      .addColumn('role_arn', text)
      .addColumn('precedence', 'integer')
      .addPrimaryKeyConstraint('groups_key', ['pool_id', 'name'])
      .execute()

    await db.schema
      .createTable('group_members')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('username', text, (c) => c.notNull())
      .addColumn('group_name', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('group_members_key', ['pool_id', 'username', 'group_name'])
      .execute()
    await db.schema
      .createIndex('group_members_by_group')
      .on('group_members')
      .columns(['pool_id', 'group_name', 'username'])
      .execute()
  },
})
