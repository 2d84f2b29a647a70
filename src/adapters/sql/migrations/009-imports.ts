import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { TextType } from '../text-type.ts'

export const imports = (text: TextType): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('import_jobs')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('id', text, (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('status', text, (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('facts', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('import_jobs_key', ['pool_id', 'id'])
      .execute()
    await db.schema
      .createIndex('import_jobs_by_time')
      .on('import_jobs')
      .columns(['pool_id', 'created_at', 'id'])
      .execute()
    await db.schema
      .createIndex('import_jobs_by_status')
      .on('import_jobs')
      .columns(['status', 'created_at'])
      .execute()

    await db.schema
      .createTable('import_chunks')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('job_id', text, (c) => c.notNull())
      .addColumn('upload', text, (c) => c.notNull())
      .addColumn('number', 'integer', (c) => c.notNull())
      .addColumn('sealed', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('import_chunks_key', ['pool_id', 'job_id', 'upload', 'number'])
      .execute()

    await db.schema
      .createTable('import_lines')
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('job_id', text, (c) => c.notNull())
      .addColumn('line', 'integer', (c) => c.notNull())
      .addColumn('outcome', text, (c) => c.notNull())
      .addColumn('text', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('import_lines_key', ['pool_id', 'job_id', 'line'])
      .execute()

    await db.schema
      .createTable('running_imports')
      .addColumn('account', text, (c) => c.primaryKey())
      .addColumn('pool_id', text, (c) => c.notNull())
      .addColumn('job_id', text, (c) => c.notNull())
      .addColumn('node', text, (c) => c.notNull())
      .addColumn('leased_until', 'bigint', (c) => c.notNull())
      .execute()

    await db.schema.alterTable('pools').addColumn('imported_hash', text).execute()
  },
})
