import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

export const usedAssertions = (text: TextType): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('used_assertions')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('digest', text, (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('used_assertions_key', ['pool_id', 'digest'])
      .execute()
    await db.schema
      .createIndex('used_assertions_by_end')
      .on('used_assertions')
      .columns(['expires_at'])
      .execute()
  },
})
