/** What the server store meets that the port does not speak of: connections that break, locks, newer neighbours. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { allRows, createPlace, type Place, vaultOf, withDatabase } from '../../../test/places.ts'
import { newKeys, newPool, newUser } from '../../../test/rows.ts'
import type { User } from '../../domain/user.ts'
import { StaleRow, type Store } from '../../ports/store.ts'
import { postgresEngine } from './postgres.ts'
import { openStore } from './store.ts'

describe('postgres', () => {
  let place: Place
  let store: Store

  before(async () => {
    place = await createPlace('postgres')
    await withDatabase(place, (db) =>
      sql`do $$ begin
      execute format('alter database %I set deadlock_timeout = %L', current_database(), '20ms');
    end $$`.execute(db),
    )
    store = await openStore(place.engine(), vaultOf(7))
  })
  after(async () => {
    await store?.close()
    await place?.remove()
  })

  test('many who open an empty database at once find one store', async () => {
    const empty = await createPlace('postgres')
    const stores = await Promise.all(Array.from({ length: 8 }, () => openStore(empty.engine(), vaultOf(7))))
    const pool = newPool()
    await stores[0]?.pools.create(pool, newKeys())
    for (const store of stores) assert.deepEqual(await store.pools.find(pool.id), pool)
    const rows = await allRows(empty)
    assert.equal(rows.get('installation')?.length, 1)
    await Promise.all(stores.map((store) => store.close()))
    await empty.remove()
  })

  test('of two who open an empty database at once with different keys, one is refused', async () => {
    const empty = await createPlace('postgres')
    const outcomes = await Promise.allSettled([1, 2].map((byte) => openStore(empty.engine(), vaultOf(byte))))
    const opened = outcomes.filter((outcome) => outcome.status === 'fulfilled')
    assert.equal(opened.length, 1)
    await opened[0]?.value.close()
    await empty.remove()
  })

  test('a connection that breaks refuses its transaction and nothing else', async () => {
    const pool = newPool()
    const broken = store.transaction(async (tables) => {
      await tables.pools.create(pool, newKeys())
      await withDatabase(place, async (db) => {
        await sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity
          where datname = current_database() and state = 'idle in transaction'`.execute(db)
      })
      await tables.pools.find(pool.id)
    })
    await assert.rejects(broken)
    assert.equal(await store.pools.find(pool.id), undefined)
    await store.pools.create(pool, newKeys())
    assert.deepEqual(await store.pools.find(pool.id), pool)
  })

  test('of two who wait for each other, one is told to begin again', async () => {
    const pool = newPool()
    await store.pools.create(pool, newKeys())
    const [ada, bob] = [newUser(pool.id, 'ada'), newUser(pool.id, 'bob')]
    for (const user of [ada, bob]) await store.users.create(user, [])
    const bothHold = meeting(2)
    const swap = (user: User, first: User, second: User) =>
      store.transaction(async (tables) => {
        await tables.users.save(first, { ...first, attributes: { name: user.username } }, [])
        await bothHold()
        await tables.users.save(second, { ...second, attributes: { name: user.username } }, [])
      })
    const outcomes = await Promise.allSettled([swap(ada, ada, bob), swap(bob, bob, ada)])
    assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    const [lost] = outcomes.filter((outcome) => outcome.status === 'rejected')
    assert.ok(lost?.reason instanceof StaleRow)
    assert.match(lost.reason.message, /deadlock/)
  })

  test('a column that a newer node adds costs a repetition, and no more', async () => {
    const pool = newPool()
    await store.pools.create(pool, newKeys())
    await store.pools.find(pool.id)
    await withDatabase(place, (db) => sql`alter table pools add column newer text`.execute(db))
    const finding = async () => store.pools.find(pool.id).catch((error) => error)
    const first = await finding()
    assert.ok(first instanceof StaleRow)
    const found = await finding()
    assert.deepEqual(found, pool)
  })

  test('an address where nobody answers is given up', async () => {
    const nobody = postgresEngine('postgres://test:test@127.0.0.1:1/test', () => {})
    await assert.rejects(openStore(nobody, vaultOf(7)), /ECONNREFUSED/)
  })
})

/** Waits until so many have come. */
function meeting(size: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let missing = size
  return () => {
    missing -= 1
    if (missing === 0) resolve()
    return promise
  }
}
