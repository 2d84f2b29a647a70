/** What a migration makes of rows that are there. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { createPlace, vaultOf } from '../../../test/places.ts'
import { newUser } from '../../../test/rows.ts'
import type { UserPoolId } from '../../domain/ids.ts'
import { migrationProvider } from './migrations.ts'
import { openStore } from './store.ts'
import type { Database } from './tables.ts'

describe('migrations', () => {
  for (const kind of ['sqlite', 'postgres'] as const) {
    test(`count the users who are there, on ${kind}`, async () => {
      const place = await createPlace(kind)
      try {
        const engine = place.engine()
        const db = new Kysely<Database>({ dialect: engine.dialect })
        const migrator = new Migrator({ db, provider: migrationProvider(engine.text) })
        const { error } = await migrator.migrateTo('005-groups')
        assert.equal(error, undefined)
        const [one, other] = ['us-east-1_One000000', 'us-east-1_Other0000'] as UserPoolId[]
        assert.ok(one && other)
        const rows = [...Array(40).keys()].map((index) => {
          const { sub, username } = newUser(one, `user-${index}`)
          const when = { created_at: 0, modified_at: 0, version: 1 }
          const none = { password: null, signed_out_at: null, mfa: '{}' }
          return { pool_id: one, username, sub, status: 'CONFIRMED', enabled: 1, ...when, ...none }
        })
        await db.insertInto('users').values(rows).execute()
        await db.destroy()

        const store = await openStore(place.engine(), vaultOf(7))
        assert.deepEqual([await store.users.count(one), await store.users.count(other)], [40, 0])
        await store.users.delete(one, newUser(one, 'user-7').username)
        await store.users.create(newUser(other, 'first'), [])
        assert.deepEqual([await store.users.count(one), await store.users.count(other)], [39, 1])
        await store.close()
      } finally {
        await place.remove()
      }
    })
  }
})
