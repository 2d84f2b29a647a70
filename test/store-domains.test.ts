/** What ports/store.ts promises of resource servers, domains and customizations, held on both engines. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openStore } from '../src/adapters/sql/store.ts'
import type { UserPoolId } from '../src/domain/ids.ts'
import type { CustomDomain } from '../src/domain/pool-domain.ts'
import { DuplicateKey, StaleRow, type Store } from '../src/ports/store.ts'
import { pagesOf } from './pages-of.ts'
import { createPlace, type Place, vaultOf } from './places.ts'
import { newClient, newDomain, newKeys, newPool, newResourceServer } from './rows.ts'

for (const kind of ['sqlite', 'postgres'] as const) {
  describe(`store on ${kind}`, () => {
    let place: Place
    let store: Store
    let poolId: UserPoolId
    let other: UserPoolId

    before(async () => {
      place = await createPlace(kind)
      store = await openStore(place.engine(), vaultOf(7))
      poolId = await freshPool()
      other = await freshPool()
    })
    after(async () => {
      await store?.close()
      await place?.remove()
    })

    async function freshPool(): Promise<UserPoolId> {
      const pool = newPool()
      await store.pools.create(pool, newKeys())
      return pool.id
    }

    describe('resource servers', () => {
      test('are found as they were created, in their pool and by their identifier', async () => {
        const shop = newResourceServer(poolId, 'https://example.com')
        await store.resourceServers.create(shop)
        assert.deepEqual(await store.resourceServers.find(poolId, shop.identifier), shop)
        assert.equal(await store.resourceServers.find(other, shop.identifier), undefined)
        assert.equal(await store.resourceServers.find(poolId, 'https://Example.com'), undefined)
        await assert.rejects(store.resourceServers.create(shop), DuplicateKey)
        await store.resourceServers.create({ ...shop, poolId: other })
      })

      test('are saved and deleted where there is one', async () => {
        const saved = { ...newResourceServer(poolId, 'saved'), name: 'renamed', scopes: [] }
        assert.equal(await store.resourceServers.save(saved), false)
        await store.resourceServers.create(newResourceServer(poolId, 'saved'))
        await store.resourceServers.create(newResourceServer(other, 'saved'))
        assert.equal(await store.resourceServers.save(saved), true)
        assert.deepEqual(await store.resourceServers.find(poolId, 'saved'), saved)
        assert.equal((await store.resourceServers.find(other, 'saved'))?.name, 'the server')
        assert.equal(await store.resourceServers.delete(poolId, 'saved'), true)
        assert.equal(await store.resourceServers.delete(poolId, 'saved'), false)
        assert.ok(await store.resourceServers.find(other, 'saved'))
      })

      test('are paged, counted and named', async () => {
        const pool = await freshPool()
        for (const identifier of ['c', 'a', 'B']) {
          await store.resourceServers.create(newResourceServer(pool, identifier))
        }
        const pages = await pagesOf(
          (page) => store.resourceServers.page(pool, page),
          ({ identifier }) => identifier,
          2,
        )
        assert.deepEqual(pages, [['B', 'a'], ['c']])
        assert.equal(await store.transaction((store) => store.resourceServers.hold(pool)), 3)
        const named = await store.resourceServers.named(pool, ['a', 'x', 'B'])
        assert.deepEqual(named.map(({ identifier }) => identifier).toSorted(), ['B', 'a'])
        await assert.rejects(store.resourceServers.hold(newPool().id), StaleRow)
      })
    })

    describe('domains', () => {
      const own = (slot: number): { custom: CustomDomain } => ({ custom: { slot, certificateArn: 'arn' } })

      test('have a name that no other has, in any pool', async () => {
        const domain = newDomain(poolId, 'auth.example.com', own(1))
        await store.domains.create(domain)
        assert.deepEqual(await store.domains.find('auth.example.com'), domain)
        assert.deepEqual(await store.domains.ofPool(poolId), [domain])
        assert.deepEqual(await store.transaction((store) => store.domains.hold(poolId)), [domain])
        assert.deepEqual(await store.domains.hold(other), [])
        await assert.rejects(store.domains.create({ ...domain, poolId: other, ...own(2) }), DuplicateKey)
        await assert.rejects(store.domains.hold(newPool().id), StaleRow)
      })

      test('share no slot in a region; prefixes take none', async () => {
        const taken = newDomain(other, 'auth.example.net', own(1))
        await assert.rejects(store.domains.create(taken), StaleRow)
        await store.domains.create({ ...taken, ...own(3) })
        for (const host of ['one', 'two']) await store.domains.create(newDomain(other, host))
        assert.deepEqual((await store.domains.slots('us-east-1')).toSorted(), [1, 3])
        assert.deepEqual(await store.domains.slots('eu-west-1'), [])
        const abroad = newPool({}, 'eu-west-1')
        await store.pools.create(abroad, newKeys())
        await store.domains.create(newDomain(abroad.id, 'auth.example.org', own(1)))
        assert.deepEqual(await store.domains.slots('eu-west-1'), [1])
      })

      test('are saved by whoever loaded the newest, and deleted by their pool', async () => {
        const domain = newDomain(poolId, 'saved')
        await store.domains.create(domain)
        await store.domains.save({ ...domain, managedLoginVersion: 2 })
        const second = { ...domain, managedLoginVersion: 2, version: 2 }
        assert.deepEqual(await store.domains.find('saved'), second)
        await assert.rejects(store.domains.save(domain), StaleRow)
        await assert.rejects(store.domains.save({ ...second, poolId: other }), StaleRow)
        assert.equal(await store.domains.delete(other, 'saved'), false)
        assert.equal(await store.domains.delete(poolId, 'saved'), true)
        assert.equal(await store.domains.delete(poolId, 'saved'), false)
        await assert.rejects(store.domains.save(second), StaleRow)
      })
    })

    describe('customizations', () => {
      test('are of a client, or of all, and go with it', async () => {
        const client = newClient(poolId)
        await store.clients.create(client)
        const times = { createdAt: 1, modifiedAt: 2 }
        const all = { poolId, clientId: 'ALL' as const, css: '\u0000 \u{1F600}', ...times }
        const image = { type: 'png' as const, base64: 'AAAA' }
        await store.uiCustomizations.save(all)
        await store.uiCustomizations.save({ poolId, clientId: client.id, css: 'first', image, ...times })
        const second = { poolId, clientId: client.id, image, createdAt: 1, modifiedAt: 3 }
        await store.uiCustomizations.save(second)
        assert.deepEqual(await store.uiCustomizations.find(poolId, client.id), second)
        assert.deepEqual(await store.uiCustomizations.find(poolId, 'ALL'), all)
        assert.equal(await store.uiCustomizations.find(other, 'ALL'), undefined)
        await store.clients.delete(poolId, client.id)
        assert.equal(await store.uiCustomizations.find(poolId, client.id), undefined)
        await assert.rejects(store.uiCustomizations.save(second), StaleRow)
        await store.uiCustomizations.delete(poolId, 'ALL')
        assert.equal(await store.uiCustomizations.find(poolId, 'ALL'), undefined)
        await assert.rejects(store.uiCustomizations.save({ ...all, poolId: newPool().id }), StaleRow)
      })
    })
  })
}
