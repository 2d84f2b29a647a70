import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

export const authorizationCodes = (text: TextType): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('authorization_codes')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('digest', text, (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('facts', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('authorization_codes_key', ['pool_id', 'digest'])
      .execute()
    await db.schema
      .createIndex('authorization_codes_by_end')
      .on('authorization_codes')
      .columns(['expires_at'])
      .execute()

    await db.schema.alterTable('token_sessions').addColumn('oauth', 'integer').execute()
  },
})
