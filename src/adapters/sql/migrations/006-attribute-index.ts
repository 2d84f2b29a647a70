import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * An index that holds every column of the attributes is what SQLite reads a user's attributes from: those of the whole pool,
 * for it has the pool's id alone in front. Without the username it is for filters, and the key for users.
 */
export const attributeIndex: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.dropIndex('user_attributes_by_value').execute()
    await db.schema
      .createIndex('user_attributes_by_value')
      .on('user_attributes')
      .columns(['pool_id', 'name', 'value'])
      .execute()
  },
}
