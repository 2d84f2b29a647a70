/** What a look-up reads: the rows of the user it looks for, however many the pool has. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { openEngine } from '../../../test/harness.ts'
import { newPool } from '../../../test/rows.ts'
import type { Username } from '../../domain/ids.ts'
import type { Engine } from './engine.ts'
import { migrationProvider } from './migrations.ts'
import type { Database } from './tables.ts'
import { userTable } from './users.ts'

describe('on SQLite, a user', () => {
  let engine: Engine
  let remove: () => Promise<void>
  let db: Kysely<Database>
  const asked: string[] = []
  before(async () => {
    ;({ engine, remove } = await openEngine('sqlite'))
    db = new Kysely<Database>({
      dialect: engine.dialect,
      log: ({ query }) => void asked.push(query.sql),
    })
    await new Migrator({ db, provider: migrationProvider(engine.text) }).migrateToLatest()
  })
  after(async () => {
    await db.destroy()
    await remove()
  })

  /** How SQLite goes about what was asked, a table a line. */
  async function planOf(look: () => Promise<unknown>): Promise<string[]> {
    asked.length = 0
    await look()
    const [query, ...others] = asked.splice(0)
    assert.ok(query)
    assert.deepEqual(others, [])
    const { rows } = await sql<{
      detail: string
    }>`explain query plan ${sql.raw(query.replace(/\?/g, "''"))}`.execute(db)
    return rows.map(({ detail }) => detail).filter((detail) => /^(SCAN|SEARCH)/.test(detail))
  }

  const { id } = newPool()
  const looks = {
    'by name': () => userTable(db, engine).find(id, 'ada' as Username),
    'by sub': () => userTable(db, engine).findBySub(id, 'sub'),
    'by alias': () => userTable(db, engine).findByAlias(id, { kind: 'email', value: 'ada@example.com' }),
  }
  for (const [how, look] of Object.entries(looks)) {
    test(`is found ${how} without a look at any other`, async () => {
      const plan = await planOf(look)
      assert.deepEqual(
        plan.filter((line) => !/\(pool_id=\? AND (username|sub|kind)=\?/.test(line)),
        [],
      )
      assert.ok(plan.some((line) => line.startsWith('SEARCH own ')))
    })
  }
})
