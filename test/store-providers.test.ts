/** What ports/store.ts promises of identity providers, links and certificates, held on both engines. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { openStore } from '../src/adapters/sql/store.ts'
import type { Username, UserPoolId } from '../src/domain/ids.ts'
import { DuplicateKey, IdentifierTaken, StaleRow, type Store } from '../src/ports/store.ts'
import { pagesOf } from './pages-of.ts'
import { createPlace, type Place, vaultOf } from './places.ts'
import { newCertificate, newKeys, newPool, newProvider, newUser } from './rows.ts'

for (const kind of ['sqlite', 'postgres'] as const) {
  describe(`store on ${kind}`, () => {
    let place: Place
    let store: Store
    let poolId: UserPoolId

    before(async () => {
      place = await createPlace(kind)
      store = await openStore(place.engine(), vaultOf(7))
    })
    after(async () => {
      await store?.close()
      await place?.remove()
    })
    beforeEach(async () => {
      poolId = await freshPool()
    })

    async function freshPool(): Promise<UserPoolId> {
      const pool = newPool()
      await store.pools.create(pool, newKeys())
      return pool.id
    }

    describe('identity providers', () => {
      const all = { name: 'Full', type: 'SAML', identifiers: ['a', 'b'] } as const

      test('are found as they were created, by name and by identifier, in their pool', async () => {
        const bare = newProvider(poolId, { identifiers: [] })
        const full = newProvider(poolId, {
          ...all,
          sealedSecrets: 'sealed',
          acrMapping: { Level1: 'one' },
          saml: { entityId: 'entity', certificates: ['der'] },
        })
        for (const provider of [bare, full]) await store.identityProviders.create(provider)
        assert.deepEqual(await store.identityProviders.find(poolId, 'Google'), bare)
        for (const identifier of full.identifiers)
          assert.deepEqual(await store.identityProviders.findByIdentifier(poolId, identifier), full)
        const other = await freshPool()
        assert.equal(await store.identityProviders.find(other, 'Google'), undefined)
        assert.equal(await store.identityProviders.findByIdentifier(other, 'a'), undefined)
        assert.equal(await store.identityProviders.find(poolId, 'google'), undefined)
      })

      test('have names and identifiers of their own, and one that is refused leaves nothing', async () => {
        const first = newProvider(poolId, all)
        await store.identityProviders.create(first)
        await assert.rejects(store.identityProviders.create(newProvider(poolId, all)), DuplicateKey)
        const second = newProvider(poolId, { identifiers: ['c', 'b'] })
        await assert.rejects(
          store.identityProviders.create(second),
          (error) => error instanceof IdentifierTaken && error.identifier === 'b',
        )
        assert.equal(await store.identityProviders.find(poolId, 'Google'), undefined)
        assert.equal(await store.identityProviders.findByIdentifier(poolId, 'c'), undefined)
        assert.deepEqual(await store.identityProviders.findByIdentifier(poolId, 'b'), first)
        await store.identityProviders.create(newProvider(await freshPool(), all))
      })

      test('are saved over what was loaded, and let go of identifiers', async () => {
        const one = newProvider(poolId, { identifiers: ['a', 'b'] })
        const two = newProvider(poolId, { name: 'Two', identifiers: ['c'] })
        for (const provider of [one, two]) await store.identityProviders.create(provider)
        await store.identityProviders.save({ ...one, identifiers: ['b', 'd'] })
        await assert.rejects(store.identityProviders.save({ ...one, identifiers: [] }), StaleRow)
        await assert.rejects(store.identityProviders.save({ ...two, identifiers: ['b'] }), IdentifierTaken)
        await store.identityProviders.save({ ...two, identifiers: ['a'] })
        const found = await Promise.all(
          ['a', 'b', 'c', 'd'].map((text) => store.identityProviders.findByIdentifier(poolId, text)),
        )
        assert.deepEqual(
          found.map((provider) => provider?.name),
          ['Two', 'Google', undefined, 'Google'],
        )
      })

      test('that exchange identifiers at once do not wait for each other for ever', async () => {
        const one = newProvider(poolId, { identifiers: ['a'] })
        const two = newProvider(poolId, { name: 'Two', identifiers: ['b'] })
        for (const provider of [one, two]) await store.identityProviders.create(provider)
        const outcomes = await Promise.allSettled([
          store.identityProviders.save({ ...one, identifiers: ['b'] }),
          store.identityProviders.save({ ...two, identifiers: ['a'] }),
        ])
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof IdentifierTaken)
        }
      })

      test('are counted while they are held, and paged by name', async () => {
        for (const name of ['c', 'a', 'b'])
          await store.identityProviders.create(newProvider(poolId, { name, identifiers: [name] }))
        const total = await store.transaction((tables) => tables.identityProviders.hold(poolId))
        assert.equal(total, 3)
        const pages = await pagesOf(
          (page) => store.identityProviders.page(poolId, page),
          ({ name }) => name,
          2,
        )
        assert.deepEqual(pages, [['a', 'b'], ['c']])
      })

      test('go once, with their identifiers', async () => {
        const provider = newProvider(poolId)
        await store.identityProviders.create(provider)
        assert.equal(await store.identityProviders.delete(poolId, provider.name), true)
        assert.equal(await store.identityProviders.delete(poolId, provider.name), false)
        await store.identityProviders.create(newProvider(poolId, { name: 'heir' }))
      })

      test('need a pool', async () => {
        await store.pools.delete(poolId)
        await assert.rejects(store.identityProviders.create(newProvider(poolId)), StaleRow)
        await assert.rejects(
          store.transaction((tables) => tables.identityProviders.hold(poolId)),
          StaleRow,
        )
      })
    })

    describe('linked identities', () => {
      const source = { provider: 'Google', attribute: 'Cognito_Subject', value: '42' }
      const ada = 'ada' as Username

      test('are one user’s each, until they are removed', async () => {
        await store.linkedIdentities.add(poolId, source, ada)
        assert.equal(await store.linkedIdentities.find(poolId, source), ada)
        await assert.rejects(store.linkedIdentities.add(poolId, source, 'bob' as Username), DuplicateKey)
        for (const other of [{ provider: 'google' }, { attribute: 'email' }, { value: '43' }])
          assert.equal(await store.linkedIdentities.find(poolId, { ...source, ...other }), undefined)
        assert.equal(await store.linkedIdentities.find(await freshPool(), source), undefined)
        assert.equal(await store.linkedIdentities.remove(poolId, source), true)
        assert.equal(await store.linkedIdentities.remove(poolId, source), false)
        assert.equal(await store.linkedIdentities.find(poolId, source), undefined)
      })

      test('go with their user', async () => {
        await store.users.create(newUser(poolId, ada), [])
        await store.linkedIdentities.add(poolId, source, ada)
        await store.users.delete(poolId, ada)
        assert.equal(await store.linkedIdentities.find(poolId, source), undefined)
      })
    })

    describe('certificates', () => {
      test('are kept once a use: of many at once all are given the same', async () => {
        const kept = await Promise.all(
          Array.from({ length: 8 }, () => store.certificates.keep(newCertificate(poolId))),
        )
        assert.equal(new Set(kept.map(({ certificate }) => certificate)).size, 1)
        assert.deepEqual(await store.certificates.find(poolId, 'signing'), kept[0])
        assert.equal(await store.certificates.find(poolId, 'encryption'), undefined)
        const other = newCertificate(poolId, { use: 'encryption' })
        assert.deepEqual(await store.certificates.keep(other), other)
      })

      test('need a pool', async () => {
        await store.pools.delete(poolId)
        await assert.rejects(store.certificates.keep(newCertificate(poolId)), StaleRow)
      })
    })
  })
}
