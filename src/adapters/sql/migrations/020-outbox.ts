import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

export const outbox = (text: TextType): Migration => ({
  async up(db: Kysely<{ messages: { due_at: number | null } }>) {
    await db.schema.alterTable('messages').addColumn('due_at', 'bigint').execute()
    await db.schema
      .alterTable('messages')
      .addColumn('failures', 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
    await db.schema.alterTable('messages').addColumn('failure', text).execute()
    await db.schema
      .createIndex('messages_by_due')
      .on('messages')
      .columns(['medium', 'due_at'])
      .where('due_at', 'is not', null)
      .execute()
  },
})
