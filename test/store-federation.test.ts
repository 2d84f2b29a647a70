/** What ports/store.ts promises of authorization codes, of sessions that begin with them and of whose an account is. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { openStore } from '../src/adapters/sql/store.ts'
import type { Username, UserPoolId } from '../src/domain/ids.ts'
import type { Store } from '../src/ports/store.ts'
import { createPlace, type Place, vaultOf } from './places.ts'
import { newAuthorizationCode, newKeys, newPool, newTokenSession } from './rows.ts'

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

    describe('authorization codes', () => {
      test('are taken once, in their pool, as they were put', async () => {
        const bare = newAuthorizationCode(poolId)
        const full = newAuthorizationCode(poolId, {
          nonce: 'n',
          codeChallenge: 'c',
          overrides: {
            id: { addOrOverride: { a: [1] }, suppress: ['b'] },
            access: { addOrOverride: {}, suppress: [], scopesToAdd: ['s'], scopesToSuppress: [] },
          },
        })
        for (const code of [bare, full]) await store.authorizationCodes.put(code)
        const elsewhere = await freshPool()
        for (const code of [bare, full]) {
          assert.equal(await store.authorizationCodes.take(elsewhere, code.digest), undefined)
          const takers = Array.from({ length: 5 }, () => store.authorizationCodes.take(poolId, code.digest))
          const taken = (await Promise.all(takers)).filter((one) => one !== undefined)
          assert.deepEqual(taken, [code])
        }
      })

      test('are swept away when they have expired', async () => {
        const old = newAuthorizationCode(poolId, { expiresAt: 99 })
        const edge = newAuthorizationCode(poolId, { expiresAt: 100 })
        for (const code of [old, edge]) await store.authorizationCodes.put(code)
        assert.equal(await store.authorizationCodes.deleteExpired(100), 1)
        assert.equal(await store.authorizationCodes.take(poolId, old.digest), undefined)
        assert.deepEqual(await store.authorizationCodes.take(poolId, edge.digest), edge)
      })
    })

    test('a session remembers that the OAuth endpoints began it', async () => {
      for (const session of [newTokenSession(poolId, { oauth: true }), newTokenSession(poolId)]) {
        await store.tokenSessions.create(session)
        assert.deepEqual(await store.tokenSessions.find(poolId, session.id), session)
      }
    })

    test('an account is whose the first of its names is that is anybody’s', async () => {
      const source = (attribute: string, value: string) => ({ provider: 'Acme', attribute, value })
      const [byMail, bySubject] = [source('email', 'ada@example.com'), source('Cognito_Subject', '1')]
      const find = (...sources: ReturnType<typeof source>[]) =>
        store.linkedIdentities.findFirst(poolId, sources)
      await store.linkedIdentities.add(poolId, byMail, 'ada' as Username)
      await store.linkedIdentities.add(poolId, bySubject, 'bob' as Username)
      assert.equal(await find(bySubject, byMail), 'bob')
      assert.equal(await find(byMail, bySubject), 'ada')
      assert.equal(await find(source('email', '1'), source('Cognito_Subject', '2')), undefined)
      assert.equal(await find(source('name', 'x'), byMail), 'ada')
      assert.equal(await find(), undefined)
      assert.equal(await find({ ...byMail, provider: 'Other' }), undefined)
      assert.equal(await store.linkedIdentities.findFirst(await freshPool(), [byMail]), undefined)
    })
  })
}
