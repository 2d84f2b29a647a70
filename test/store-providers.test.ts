/** What ports/store.ts promises of identity providers, links and certificates, held on both engines. */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { Username, UserPoolId } from '../src/domain/ids.ts'
import { DuplicateKey, IdentifierTaken, StaleRow } from '../src/ports/store.ts'
import { onEachEngine } from './each-engine.ts'
import { pagesOf } from './pages-of.ts'
import { newCertificate, newProvider, newUser } from './rows.ts'

onEachEngine((on) => {
  let poolId: UserPoolId

  beforeEach(async () => {
    poolId = await on.freshPool()
  })

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
      for (const provider of [bare, full]) await on.store.identityProviders.create(provider)
      assert.deepEqual(await on.store.identityProviders.find(poolId, 'Google'), bare)
      for (const identifier of full.identifiers)
        assert.deepEqual(await on.store.identityProviders.findByIdentifier(poolId, identifier), full)
      const other = await on.freshPool()
      assert.equal(await on.store.identityProviders.find(other, 'Google'), undefined)
      assert.equal(await on.store.identityProviders.findByIdentifier(other, 'a'), undefined)
      assert.equal(await on.store.identityProviders.find(poolId, 'google'), undefined)
    })

    test('have names and identifiers of their own, and one that is refused leaves nothing', async () => {
      const first = newProvider(poolId, all)
      await on.store.identityProviders.create(first)
      await assert.rejects(on.store.identityProviders.create(newProvider(poolId, all)), DuplicateKey)
      const second = newProvider(poolId, { identifiers: ['c', 'b'] })
      await assert.rejects(
        on.store.identityProviders.create(second),
        (error) => error instanceof IdentifierTaken && error.identifier === 'b',
      )
      assert.equal(await on.store.identityProviders.find(poolId, 'Google'), undefined)
      assert.equal(await on.store.identityProviders.findByIdentifier(poolId, 'c'), undefined)
      assert.deepEqual(await on.store.identityProviders.findByIdentifier(poolId, 'b'), first)
      await on.store.identityProviders.create(newProvider(await on.freshPool(), all))
    })

    test('are saved over what was loaded, and let go of identifiers', async () => {
      const one = newProvider(poolId, { identifiers: ['a', 'b'] })
      const two = newProvider(poolId, { name: 'Two', identifiers: ['c'] })
      for (const provider of [one, two]) await on.store.identityProviders.create(provider)
      await on.store.identityProviders.save({ ...one, identifiers: ['b', 'd'] })
      await assert.rejects(on.store.identityProviders.save({ ...one, identifiers: [] }), StaleRow)
      await assert.rejects(on.store.identityProviders.save({ ...two, identifiers: ['b'] }), IdentifierTaken)
      await on.store.identityProviders.save({ ...two, identifiers: ['a'] })
      const found = await Promise.all(
        ['a', 'b', 'c', 'd'].map((text) => on.store.identityProviders.findByIdentifier(poolId, text)),
      )
      assert.deepEqual(
        found.map((provider) => provider?.name),
        ['Two', 'Google', undefined, 'Google'],
      )
    })

    test('that exchange identifiers at once do not wait for each other for ever', async () => {
      const one = newProvider(poolId, { identifiers: ['a'] })
      const two = newProvider(poolId, { name: 'Two', identifiers: ['b'] })
      for (const provider of [one, two]) await on.store.identityProviders.create(provider)
      const outcomes = await Promise.allSettled([
        on.store.identityProviders.save({ ...one, identifiers: ['b'] }),
        on.store.identityProviders.save({ ...two, identifiers: ['a'] }),
      ])
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof IdentifierTaken)
      }
    })

    test('are counted while they are held, and paged by name', async () => {
      for (const name of ['c', 'a', 'b'])
        await on.store.identityProviders.create(newProvider(poolId, { name, identifiers: [name] }))
      const total = await on.store.transaction((tables) => tables.identityProviders.hold(poolId))
      assert.equal(total, 3)
      const pages = await pagesOf(
        (page) => on.store.identityProviders.page(poolId, page),
        ({ name }) => name,
        2,
      )
      assert.deepEqual(pages, [['a', 'b'], ['c']])
    })

    test('go once, with their identifiers', async () => {
      const provider = newProvider(poolId)
      await on.store.identityProviders.create(provider)
      assert.equal(await on.store.identityProviders.delete(poolId, provider.name), true)
      assert.equal(await on.store.identityProviders.delete(poolId, provider.name), false)
      await on.store.identityProviders.create(newProvider(poolId, { name: 'heir' }))
    })

    test('need a pool', async () => {
      await on.store.pools.delete(poolId)
      await assert.rejects(on.store.identityProviders.create(newProvider(poolId)), StaleRow)
      await assert.rejects(
        on.store.transaction((tables) => tables.identityProviders.hold(poolId)),
        StaleRow,
      )
    })
  })

  describe('linked identities', () => {
    const source = { provider: 'Google', attribute: 'Cognito_Subject', value: '42' }
    const ada = 'ada' as Username

    test('are one user’s each, until they are removed', async () => {
      await on.store.linkedIdentities.add(poolId, source, ada)
      assert.equal(await on.store.linkedIdentities.find(poolId, source), ada)
      await assert.rejects(on.store.linkedIdentities.add(poolId, source, 'bob' as Username), DuplicateKey)
      for (const other of [{ provider: 'google' }, { attribute: 'email' }, { value: '43' }])
        assert.equal(await on.store.linkedIdentities.find(poolId, { ...source, ...other }), undefined)
      assert.equal(await on.store.linkedIdentities.find(await on.freshPool(), source), undefined)
      assert.equal(await on.store.linkedIdentities.remove(poolId, source), true)
      assert.equal(await on.store.linkedIdentities.remove(poolId, source), false)
      assert.equal(await on.store.linkedIdentities.find(poolId, source), undefined)
    })

    test('go with their user', async () => {
      await on.store.users.create(newUser(poolId, ada), [])
      await on.store.linkedIdentities.add(poolId, source, ada)
      await on.store.users.delete(poolId, ada)
      assert.equal(await on.store.linkedIdentities.find(poolId, source), undefined)
    })
  })

  describe('certificates', () => {
    test('are kept once a use: of many at once all are given the same', async () => {
      const kept = await Promise.all(
        Array.from({ length: 8 }, () => on.store.certificates.keep(newCertificate(poolId))),
      )
      assert.equal(new Set(kept.map(({ certificate }) => certificate)).size, 1)
      assert.deepEqual(await on.store.certificates.find(poolId, 'signing'), kept[0])
      assert.equal(await on.store.certificates.find(poolId, 'encryption'), undefined)
      const other = newCertificate(poolId, { use: 'encryption' })
      assert.deepEqual(await on.store.certificates.keep(other), other)
    })

    test('need a pool', async () => {
      await on.store.pools.delete(poolId)
      await assert.rejects(on.store.certificates.keep(newCertificate(poolId)), StaleRow)
    })
  })
})
