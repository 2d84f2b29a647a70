/** What ports/store.ts promises of resource servers, domains and customizations, held on both engines. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { UserPoolId } from '../src/domain/ids.ts'
import type { CustomDomain } from '../src/domain/pool-domain.ts'
import { DuplicateKey, StaleRow } from '../src/ports/store.ts'
import { onEachEngine } from './each-engine.ts'
import { pagesOf } from './pages-of.ts'
import { newClient, newDomain, newKeys, newPool, newResourceServer } from './rows.ts'

onEachEngine((on) => {
  let poolId: UserPoolId
  let other: UserPoolId

  before(async () => {
    poolId = await on.freshPool()
    other = await on.freshPool()
  })

  describe('resource servers', () => {
    test('are found as they were created, in their pool and by their identifier', async () => {
      const shop = newResourceServer(poolId, 'https://example.com')
      await on.store.resourceServers.create(shop)
      assert.deepEqual(await on.store.resourceServers.find(poolId, shop.identifier), shop)
      assert.equal(await on.store.resourceServers.find(other, shop.identifier), undefined)
      assert.equal(await on.store.resourceServers.find(poolId, 'https://Example.com'), undefined)
      await assert.rejects(on.store.resourceServers.create(shop), DuplicateKey)
      await on.store.resourceServers.create({ ...shop, poolId: other })
    })

    test('are saved and deleted where there is one', async () => {
      const saved = { ...newResourceServer(poolId, 'saved'), name: 'renamed', scopes: [] }
      assert.equal(await on.store.resourceServers.save(saved), false)
      await on.store.resourceServers.create(newResourceServer(poolId, 'saved'))
      await on.store.resourceServers.create(newResourceServer(other, 'saved'))
      assert.equal(await on.store.resourceServers.save(saved), true)
      assert.deepEqual(await on.store.resourceServers.find(poolId, 'saved'), saved)
      assert.equal((await on.store.resourceServers.find(other, 'saved'))?.name, 'the server')
      assert.equal(await on.store.resourceServers.delete(poolId, 'saved'), true)
      assert.equal(await on.store.resourceServers.delete(poolId, 'saved'), false)
      assert.ok(await on.store.resourceServers.find(other, 'saved'))
    })

    test('are paged, counted and named', async () => {
      const pool = await on.freshPool()
      for (const identifier of ['c', 'a', 'B']) {
        await on.store.resourceServers.create(newResourceServer(pool, identifier))
      }
      const pages = await pagesOf(
        (page) => on.store.resourceServers.page(pool, page),
        ({ identifier }) => identifier,
        2,
      )
      assert.deepEqual(pages, [['B', 'a'], ['c']])
      assert.equal(await on.store.transaction((tables) => tables.resourceServers.hold(pool)), 3)
      const named = await on.store.resourceServers.named(pool, ['a', 'x', 'B'])
      assert.deepEqual(named.map(({ identifier }) => identifier).toSorted(), ['B', 'a'])
      await assert.rejects(on.store.resourceServers.hold(newPool().id), StaleRow)
    })
  })

  describe('domains', () => {
    const own = (slot: number): { custom: CustomDomain } => ({ custom: { slot, certificateArn: 'arn' } })

    test('have a name that no other has, in any pool', async () => {
      const domain = newDomain(poolId, 'auth.example.com', own(1))
      await on.store.domains.create(domain)
      assert.deepEqual(await on.store.domains.find('auth.example.com'), domain)
      assert.deepEqual(await on.store.domains.ofPool(poolId), [domain])
      assert.deepEqual(await on.store.transaction((tables) => tables.domains.hold(poolId)), [domain])
      assert.deepEqual(await on.store.domains.hold(other), [])
      await assert.rejects(on.store.domains.create({ ...domain, poolId: other, ...own(2) }), DuplicateKey)
      await assert.rejects(on.store.domains.hold(newPool().id), StaleRow)
    })

    test('share no slot in a region; prefixes take none', async () => {
      const taken = newDomain(other, 'auth.example.net', own(1))
      await assert.rejects(on.store.domains.create(taken), StaleRow)
      await on.store.domains.create({ ...taken, ...own(3) })
      for (const host of ['one', 'two']) await on.store.domains.create(newDomain(other, host))
      assert.deepEqual((await on.store.domains.slots('us-east-1')).toSorted(), [1, 3])
      assert.deepEqual(await on.store.domains.slots('eu-west-1'), [])
      const abroad = newPool({}, 'eu-west-1')
      await on.store.pools.create(abroad, newKeys())
      await on.store.domains.create(newDomain(abroad.id, 'auth.example.org', own(1)))
      assert.deepEqual(await on.store.domains.slots('eu-west-1'), [1])
    })

    test('are saved by whoever loaded the newest, and deleted by their pool', async () => {
      const domain = newDomain(poolId, 'saved')
      await on.store.domains.create(domain)
      await on.store.domains.save({ ...domain, managedLoginVersion: 2 })
      const second = { ...domain, managedLoginVersion: 2, version: 2 }
      assert.deepEqual(await on.store.domains.find('saved'), second)
      await assert.rejects(on.store.domains.save(domain), StaleRow)
      await assert.rejects(on.store.domains.save({ ...second, poolId: other }), StaleRow)
      assert.equal(await on.store.domains.delete(other, 'saved'), false)
      assert.equal(await on.store.domains.delete(poolId, 'saved'), true)
      assert.equal(await on.store.domains.delete(poolId, 'saved'), false)
      await assert.rejects(on.store.domains.save(second), StaleRow)
    })
  })

  describe('customizations', () => {
    test('are of a client, or of all, and go with it', async () => {
      const client = newClient(poolId)
      await on.store.clients.create(client)
      const times = { createdAt: 1, modifiedAt: 2 }
      const all = { poolId, clientId: 'ALL' as const, css: '\u0000 \u{1F600}', ...times }
      const image = { type: 'png' as const, base64: 'AAAA' }
      await on.store.uiCustomizations.save(all)
      await on.store.uiCustomizations.save({ poolId, clientId: client.id, css: 'first', image, ...times })
      const second = { poolId, clientId: client.id, image, createdAt: 1, modifiedAt: 3 }
      await on.store.uiCustomizations.save(second)
      assert.deepEqual(await on.store.uiCustomizations.find(poolId, client.id), second)
      assert.deepEqual(await on.store.uiCustomizations.find(poolId, 'ALL'), all)
      assert.equal(await on.store.uiCustomizations.find(other, 'ALL'), undefined)
      await on.store.clients.delete(poolId, client.id)
      assert.equal(await on.store.uiCustomizations.find(poolId, client.id), undefined)
      await assert.rejects(on.store.uiCustomizations.save(second), StaleRow)
      await on.store.uiCustomizations.delete(poolId, 'ALL')
      assert.equal(await on.store.uiCustomizations.find(poolId, 'ALL'), undefined)
      await assert.rejects(on.store.uiCustomizations.save({ ...all, poolId: newPool().id }), StaleRow)
    })
  })
})
