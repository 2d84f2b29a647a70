/** What ports/store.ts promises of authorization codes, of sessions that begin with them and of whose an account is. */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { Username, UserPoolId } from '../src/domain/ids.ts'
import { onEachEngine } from './each-engine.ts'
import { newAuthorizationCode, newTokenSession } from './rows.ts'

onEachEngine((on) => {
  let poolId: UserPoolId

  beforeEach(async () => {
    poolId = await on.freshPool()
  })

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
      for (const code of [bare, full]) await on.store.authorizationCodes.put(code)
      const elsewhere = await on.freshPool()
      for (const code of [bare, full]) {
        assert.equal(await on.store.authorizationCodes.take(elsewhere, code.digest), undefined)
        const takers = Array.from({ length: 5 }, () => on.store.authorizationCodes.take(poolId, code.digest))
        const taken = (await Promise.all(takers)).filter((one) => one !== undefined)
        assert.deepEqual(taken, [code])
      }
    })

    test('are swept away when they have expired', async () => {
      const old = newAuthorizationCode(poolId, { expiresAt: 99 })
      const edge = newAuthorizationCode(poolId, { expiresAt: 100 })
      for (const code of [old, edge]) await on.store.authorizationCodes.put(code)
      assert.equal(await on.store.authorizationCodes.deleteExpired(100), 1)
      assert.equal(await on.store.authorizationCodes.take(poolId, old.digest), undefined)
      assert.deepEqual(await on.store.authorizationCodes.take(poolId, edge.digest), edge)
    })
  })

  test('a session remembers that the OAuth endpoints began it', async () => {
    for (const session of [newTokenSession(poolId, { oauth: true }), newTokenSession(poolId)]) {
      await on.store.tokenSessions.create(session)
      assert.deepEqual(await on.store.tokenSessions.find(poolId, session.id), session)
    }
  })

  test('an account is whose the first of its names is that is anybody’s', async () => {
    const source = (attribute: string, value: string) => ({ provider: 'Acme', attribute, value })
    const [byMail, bySubject] = [source('email', 'ada@example.com'), source('Cognito_Subject', '1')]
    const find = (...sources: ReturnType<typeof source>[]) =>
      on.store.linkedIdentities.find(poolId, ...sources)
    await on.store.linkedIdentities.add(poolId, byMail, 'ada' as Username)
    await on.store.linkedIdentities.add(poolId, bySubject, 'bob' as Username)
    assert.equal(await find(bySubject, byMail), 'bob')
    assert.equal(await find(byMail, bySubject), 'ada')
    assert.equal(await find(source('email', '1'), source('Cognito_Subject', '2')), undefined)
    assert.equal(await find(source('name', 'x'), byMail), 'ada')
    assert.equal(await find(), undefined)
    assert.equal(await find({ ...byMail, provider: 'Other' }), undefined)
    assert.equal(await on.store.linkedIdentities.find(await on.freshPool(), byMail), undefined)
  })
})
