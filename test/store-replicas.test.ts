/** What ports/store.ts promises of replicas, held on both engines. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { UserPoolId } from '../src/domain/ids.ts'
import { poolIn } from '../src/domain/replica.ts'
import { DuplicateKey, StaleRow } from '../src/ports/store.ts'
import { onEachEngine } from './each-engine.ts'
import { pagesOf } from './pages-of.ts'
import { newKeys, newPool, newReplica } from './rows.ts'

onEachEngine((on) => {
  describe('replicas', () => {
    test('are found as they were created, by their pools', async () => {
      const [one, other, none] = [await on.freshPool(), await on.freshPool(), await on.freshPool()]
      const bare = newReplica(one)
      const whole = newReplica(other, {
        status: 'ACTIVE',
        createdAt: 1,
        modifiedAt: 2,
        settings: { ...bare.settings, SmsConfiguration: { ExternalId: 'ä' } },
        tags: {},
      })
      for (const replica of [bare, whole]) await on.store.replicas.create(replica)
      assert.deepEqual(await on.store.replicas.of([one]), [bare])
      const both = await on.store.replicas.of([other, none, one])
      assert.deepEqual(new Set(both), new Set([whole, bare]))
      assert.deepEqual(await on.store.replicas.of([]), [])
    })

    test('are one at most, wherever it is', async () => {
      const poolId = await on.freshPool()
      await on.store.replicas.create(newReplica(poolId))
      for (const region of ['us-west-2', 'eu-west-1'])
        await assert.rejects(on.store.replicas.create(newReplica(poolId, { region })), DuplicateKey)
    })

    test('have a status, saved by whoever loaded the newest, and go by pool and region', async () => {
      const poolId = await on.freshPool()
      const replica = newReplica(poolId)
      await on.store.replicas.create(replica)
      await on.store.replicas.save({ ...replica, status: 'ACTIVE' })
      await assert.rejects(on.store.replicas.save({ ...replica, status: 'INACTIVE' }), StaleRow)
      assert.deepEqual(await on.store.replicas.of([poolId]), [{ ...replica, status: 'ACTIVE', version: 2 }])
      assert.equal(await on.store.replicas.delete(poolId, 'eu-west-1'), false)
      assert.equal(await on.store.replicas.delete(poolId, 'us-west-2'), true)
      assert.equal(await on.store.replicas.delete(poolId, 'us-west-2'), false)
    })

    test('are what a pool is there, and nowhere else', async () => {
      const poolId = await on.freshPool()
      const replica = newReplica(poolId, { tags: { side: 'west' } })
      await on.store.replicas.create(replica)
      const home = await on.store.pools.find(poolId)
      assert.deepEqual(await on.store.pools.find(poolId, 'us-east-1'), home)
      assert.equal(await on.store.pools.find(poolId, 'eu-west-1'), undefined)
      assert.ok(home)
      const seen = await on.store.pools.find(poolId, 'us-west-2')
      assert.deepEqual(seen, poolIn(home, replica))
      await on.store.pools.save({ ...seen, name: 'other', tags: { side: 'far west' } })
      await assert.rejects(on.store.pools.save({ ...seen, tags: {} }), StaleRow)
      assert.deepEqual(await on.store.pools.find(poolId), home)
      const tags = { side: 'far west' }
      assert.deepEqual(await on.store.replicas.of([poolId]), [{ ...replica, tags, version: 2 }])
    })

    test('are listed in order among the pools of their region', async () => {
      const region = 'ap-south-2'
      const ids: UserPoolId[] = []
      for (let index = 0; index < 4; index += 1) {
        const own = newPool({}, region)
        await on.store.pools.create(own, newKeys())
        const visiting = await on.freshPool()
        await on.store.replicas.create(newReplica(visiting, { region }))
        ids.push(own.id, visiting)
      }
      for (const limit of [1, 3, 8, 9]) {
        const pages = await pagesOf(
          (page) => on.store.pools.page(region, page),
          ({ id }) => id,
          limit,
        )
        assert.deepEqual(pages.flat(), ids.toSorted())
      }
      for (const pool of await on.store.pools.page(region, { limit: 8 }))
        assert.deepEqual(pool, await on.store.pools.find(pool.id, region))
    })
  })
})
