import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEachEngine } from '../../test/each-engine.ts'
import { account } from '../../test/providers.ts'
import { newProvider, newUser } from '../../test/rows.ts'
import { Fault } from '../domain/faults.ts'
import type { Store } from '../ports/store.ts'
import { linkProvider, unlinkProvider } from './linking.ts'

onEachEngine((on) => {
  test('an account that another call takes between two reads is nobody’s, and its user stays as they are', async () => {
    const poolId = await on.freshPool()
    const pool = (await on.store.pools.find(poolId)) ?? assert.fail()
    await on.store.identityProviders.create(newProvider(poolId))
    const ada = newUser(poolId, 'ada')
    await on.store.users.create(ada, [])
    const taken = account('Google', '1')
    await linkProvider(on.store, pool, account('Cognito', 'ada'), taken, 1)
    const overtaken: Store = {
      ...on.store,
      users: {
        ...on.store.users,
        async find(...whom) {
          await unlinkProvider(on.store, pool, taken, 2)
          return on.store.users.find(...whom)
        },
      },
    }
    await assert.rejects(
      unlinkProvider(overtaken, pool, taken, 3),
      (error) => error instanceof Fault && error.code === 'UserNotFound',
    )
    assert.equal((await on.store.users.find(poolId, ada.username))?.modifiedAt, 2)
  })
})
