/** What ports/store.ts promises of replicas, held on both engines. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openStore } from '../src/adapters/sql/store.ts'
import type { UserPoolId } from '../src/domain/ids.ts'
import { poolIn } from '../src/domain/replica.ts'
import { DuplicateKey, StaleRow, type Store } from '../src/ports/store.ts'
import { pagesOf } from './pages-of.ts'
import { createPlace, type Place, vaultOf } from './places.ts'
import { newKeys, newPool, newReplica } from './rows.ts'

for (const kind of ['sqlite', 'postgres'] as const) {
  describe(`store on ${kind}`, () => {
    let place: Place
    let store: Store

    before(async () => {
      place = await createPlace(kind)
      store = await openStore(place.engine(), vaultOf(7))
    })
    after(async () => {
      await store?.close()
      await place?.remove()
    })

    /** A pool of the test's own. */
    async function freshPool(): Promise<UserPoolId> {
      const pool = newPool()
      await store.pools.create(pool, newKeys())
      return pool.id
    }

    describe('replicas', () => {
      test('are found as they were created, by their pools', async () => {
        const [one, other, none] = [await freshPool(), await freshPool(), await freshPool()]
        const bare = newReplica(one)
        const whole = newReplica(other, {
          status: 'ACTIVE',
          createdAt: 1,
          modifiedAt: 2,
          settings: { ...bare.settings, SmsConfiguration: { ExternalId: 'ä' } },
          tags: {},
        })
        for (const replica of [bare, whole]) await store.replicas.create(replica)
        assert.deepEqual(await store.replicas.of([one]), [bare])
        const both = await store.replicas.of([other, none, one])
        assert.deepEqual(new Set(both), new Set([whole, bare]))
        assert.deepEqual(await store.replicas.of([]), [])
      })

      test('are one at most, wherever it is', async () => {
        const poolId = await freshPool()
        await store.replicas.create(newReplica(poolId))
        for (const region of ['us-west-2', 'eu-west-1'])
          await assert.rejects(store.replicas.create(newReplica(poolId, { region })), DuplicateKey)
      })

      test('have a status, saved by whoever loaded the newest, and go by pool and region', async () => {
        const poolId = await freshPool()
        const replica = newReplica(poolId)
        await store.replicas.create(replica)
        await store.replicas.save({ ...replica, status: 'ACTIVE' })
        await assert.rejects(store.replicas.save({ ...replica, status: 'INACTIVE' }), StaleRow)
        assert.deepEqual(await store.replicas.of([poolId]), [{ ...replica, status: 'ACTIVE', version: 2 }])
        assert.equal(await store.replicas.delete(poolId, 'eu-west-1'), false)
        assert.equal(await store.replicas.delete(poolId, 'us-west-2'), true)
        assert.equal(await store.replicas.delete(poolId, 'us-west-2'), false)
      })

      test('are what a pool is there, and nowhere else', async () => {
        const poolId = await freshPool()
        const replica = newReplica(poolId, { tags: { side: 'west' } })
        await store.replicas.create(replica)
        const home = await store.pools.find(poolId)
        assert.deepEqual(await store.pools.find(poolId, 'us-east-1'), home)
        assert.equal(await store.pools.find(poolId, 'eu-west-1'), undefined)
        assert.ok(home)
        const seen = await store.pools.find(poolId, 'us-west-2')
        assert.deepEqual(seen, poolIn(home, replica))
        await store.pools.save({ ...seen, name: 'other', tags: { side: 'far west' } })
        await assert.rejects(store.pools.save({ ...seen, tags: {} }), StaleRow)
        assert.deepEqual(await store.pools.find(poolId), home)
        const tags = { side: 'far west' }
        assert.deepEqual(await store.replicas.of([poolId]), [{ ...replica, tags, version: 2 }])
      })

      test('are listed in order among the pools of their region', async () => {
        const region = 'ap-south-2'
        const ids: UserPoolId[] = []
        for (let index = 0; index < 4; index += 1) {
          const own = newPool({}, region)
          await store.pools.create(own, newKeys())
          const visiting = await freshPool()
          await store.replicas.create(newReplica(visiting, { region }))
          ids.push(own.id, visiting)
        }
        for (const limit of [1, 3, 8, 9]) {
          const pages = await pagesOf(
            (page) => store.pools.page(region, page),
            ({ id }) => id,
            limit,
          )
          assert.deepEqual(pages.flat(), ids.toSorted())
        }
        for (const pool of await store.pools.page(region, { limit: 8 }))
          assert.deepEqual(pool, await store.pools.find(pool.id, region))
      })
    })
  })
}
