import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

export const largePools = (text: TextType): Migration => ({
  async up(db: Kysely<unknown>) {
    // The name comes before the pool: SQLite took an index that begins with the pool and has every column to be the best
    // way to the attributes of one user, and read those of the whole pool.
    await db.schema.dropIndex('user_attributes_by_value').execute()
    await db.schema
      .createIndex('user_attributes_by_value')
      .on('user_attributes')
      .columns(['name', 'pool_id', 'value', 'username'])
      .execute()

    await db.schema
      .createTable('user_counts')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('share', text, (c) => c.notNull())
      .addColumn('users', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('user_counts_key', ['pool_id', 'share'])
      .execute()
    await sql`
      insert into user_counts (pool_id, share, users)
      select pool_id, substr(sub, 1, 1), count(*) from users group by pool_id, substr(sub, 1, 1)
    `.execute(db)
  },
})
