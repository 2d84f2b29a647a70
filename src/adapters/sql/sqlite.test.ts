/** What the embedded store does that the port does not speak of: when it commits, and what happens when it cannot. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { Kysely, sql } from 'kysely'
import { sqliteEngine } from './sqlite.ts'

interface Database {
  things: { id: number; parent: number | null; text: string }
}

describe('sqlite', () => {
  let folder: string
  let path: string
  let db: Kysely<Database>

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cognate-sqlite-'))
    path = join(folder, 'test.sqlite')
    db = new Kysely<Database>({ dialect: sqliteEngine(path).dialect })
    // A parent that is missing is noticed at the commit, and makes that fail.
    await sql`create table things (
      id integer primary key,
      parent integer references things (id) deferrable initially deferred,
      text text not null
    )`.execute(db)
  })
  afterEach(async () => {
    await db.destroy()
    await rm(folder, { recursive: true, force: true })
  })

  const insert = (id: number, parent: number | null = null, text = 'text') =>
    db.insertInto('things').values({ id, parent, text }).execute()
  const inTransaction = (id: number, parent: number | null = null) =>
    db.transaction().execute((db) => db.insertInto('things').values({ id, parent, text: '' }).execute())
  const ids = async () =>
    (await db.selectFrom('things').select('id').orderBy('id').execute()).map(({ id }) => id)

  /** The ids of those that were acknowledged. */
  async function acknowledged(writes: readonly Promise<unknown>[]): Promise<number[]> {
    const outcomes = await Promise.allSettled(writes)
    return outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []))
  }

  test('flushes every commit to the disk, and keeps a write-ahead log', async () => {
    const { rows: synchronous } = await sql`pragma synchronous`.execute(db)
    const { rows: journal } = await sql`pragma journal_mode`.execute(db)
    const full = 2
    assert.deepEqual(synchronous, [{ __proto__: null, synchronous: full }])
    assert.deepEqual(journal, [{ __proto__: null, journal_mode: 'wal' }])
  })

  test('writes that come together share one commit', async () => {
    const before = commitsIn(path)
    await Promise.all(Array.from({ length: 200 }, (_, id) => (id % 2 ? insert(id) : inTransaction(id))))
    assert.equal(commitsIn(path) - before, 1)
    await insert(200)
    await inTransaction(201)
    assert.equal(commitsIn(path) - before, 3)
    assert.equal((await ids()).length, 202)
  })

  test('no write is acknowledged before others can see it committed', async () => {
    const witness = new DatabaseSync(path, { readOnly: true })
    const find = witness.prepare('select 1 from things where id = ?')
    const seen = await Promise.all(
      Array.from({ length: 50 }, async (_, id) => {
        const write = id % 2 ? insert(id) : inTransaction(id)
        assert.equal(find.get(id), undefined)
        await write
        return find.get(id) !== undefined
      }),
    )
    witness.close()
    assert.ok(seen.every(Boolean))
  })

  test('reads see what is committed, and wait for nobody', async () => {
    const gate = Promise.withResolvers<void>()
    const work = db.transaction().execute(async (db) => {
      await db.insertInto('things').values({ id: 1, parent: null, text: '' }).execute()
      await gate.promise
    })
    assert.deepEqual(await ids(), [])
    gate.resolve()
    await work
    assert.deepEqual(await ids(), [1])
  })

  test('a statement or a transaction that fails takes no others of its batch with it', async () => {
    await insert(3)
    const writes = [
      insert(0),
      inTransaction(1),
      inTransaction(2),
      inTransaction(3),
      insert(4),
      insert(3),
      insert(6),
    ]
    assert.deepEqual(await acknowledged(writes), [0, 1, 2, 4, 6])
    assert.deepEqual(await ids(), [0, 1, 2, 3, 4, 6])
  })

  test('a refusal waits until what stood in the way is committed', async () => {
    const first = inTransaction(1)
    await assert.rejects(inTransaction(1), /UNIQUE constraint failed/)
    assert.deepEqual(await ids(), [1])
    await first
  })

  test('a commit that fails refuses all of its batch with the reason, and the next one works', async () => {
    const outcomes = await Promise.allSettled([insert(0), inTransaction(1), inTransaction(2, 99), insert(3)])
    for (const outcome of outcomes) {
      assert.equal(outcome.status, 'rejected')
      assert.match(outcome.reason.message, /FOREIGN KEY constraint failed/)
    }
    assert.deepEqual(await ids(), [])
    assert.deepEqual(await acknowledged([insert(0), inTransaction(1)]), [0, 1])
    assert.deepEqual(await ids(), [0, 1])
  })

  test('a batch that SQLite undoes in the middle is refused whole; who comes after it is not', async () => {
    await insert(9)
    const undo = () => sql`insert or rollback into things values (9, null, '')`.execute(db)
    const writes = [insert(0), inTransaction(1), undo(), insert(3), inTransaction(4)]
    assert.deepEqual(await acknowledged(writes), [3, 4])
    assert.deepEqual(await ids(), [3, 4, 9])
  })

  test('a transaction that SQLite undoes writes nothing more, whatever its work makes of that', async () => {
    await insert(9)
    const stubborn = db.transaction().execute(async (db) => {
      await sql`insert or rollback into things values (9, null, '')`.execute(db).catch(() => {})
      await db.insertInto('things').values({ id: 1, parent: null, text: '' }).execute()
    })
    const silent = db.transaction().execute(async (db) => {
      await db.insertInto('things').values({ id: 2, parent: null, text: '' }).execute()
      await sql`insert or rollback into things values (9, null, '')`.execute(db).catch(() => {})
    })
    await assert.rejects(stubborn, /undone/)
    await assert.rejects(silent, /undone/)
    assert.deepEqual(await ids(), [9])
    await insert(3)
    assert.deepEqual(await ids(), [3, 9])
  })

  test('a full disk refuses what does not fit, keeps what it acknowledged, and is got over', async () => {
    const text = 'x'.repeat(3000)
    await sql`pragma max_page_count = 12`.execute(db)
    const written = await acknowledged(Array.from({ length: 40 }, (_, id) => insert(id, null, text)))
    assert.ok(written.length < 40)
    assert.deepEqual(await ids(), written)
    await sql`pragma max_page_count = 4294967294`.execute(db)
    await Promise.all(Array.from({ length: 40 }, (_, id) => insert(100 + id, null, text)))
    assert.deepEqual(await ids(), [...written, ...Array.from({ length: 40 }, (_, id) => 100 + id)])
  })

  test('a migration that is interrupted leaves nothing behind', async () => {
    const migration = db.connection().execute((db) =>
      db.transaction().execute(async (db) => {
        await db.schema.createTable('half').addColumn('id', 'integer').execute()
        throw new Error('interrupted')
      }),
    )
    await assert.rejects(migration, /interrupted/)
    const tables = await db.introspection.getTables()
    assert.deepEqual(
      tables.map(({ name }) => name),
      ['things'],
    )
  })

  test('closing waits for what is under way, and leaves one whole file', async () => {
    const writes = [insert(0), inTransaction(1)]
    await db.destroy()
    await Promise.all(writes)
    assert.equal(existsSync(`${path}-wal`), false)
    const reopened = new DatabaseSync(path, { readOnly: true })
    assert.equal(reopened.prepare('select count(*) as total from things').get()?.total, 2)
    reopened.close()
  })
})

/**
 * How many commits the write-ahead log holds: frames that say how large the database is afterwards.
 * https://sqlite.org/fileformat2.html#walformat
 */
function commitsIn(path: string): number {
  const log = readFileSync(`${path}-wal`)
  const [header, frameHeader] = [32, 24]
  const pageSize = log.readUInt32BE(8)
  const salt = log.subarray(16, 24)
  let commits = 0
  for (let at = header; at + frameHeader + pageSize <= log.length; at += frameHeader + pageSize) {
    if (salt.equals(log.subarray(at + 8, at + 16)) && log.readUInt32BE(at + 4) > 0) commits += 1
  }
  return commits
}
