/** A store on each engine, for tests of what ports/store.ts promises. */
import { after, before, describe } from 'node:test'
import { openStore } from '../src/adapters/sql/store.ts'
import type { UserPoolId } from '../src/domain/ids.ts'
import type { Store } from '../src/ports/store.ts'
import type { StoreKind } from './harness.ts'
import { createPlace, type Place, vaultOf } from './places.ts'
import { newKeys, newPool } from './rows.ts'

/** Where a suite finds its store, inside a test or a hook. */
export interface On {
  store: Store
  place: Place
  /** A pool of the test's own. */
  readonly freshPool: () => Promise<UserPoolId>
}

export function onEachEngine(suite: (on: On, kind: StoreKind) => void): void {
  for (const kind of ['sqlite', 'postgres'] as const) {
    describe(`store on ${kind}`, () => {
      const on = {
        async freshPool() {
          const pool = newPool()
          await on.store.pools.create(pool, newKeys())
          return pool.id
        },
      } as On
      before(async () => {
        on.place = await createPlace(kind)
        on.store = await openStore(on.place.engine(), vaultOf(7))
      })
      after(async () => {
        await on.store?.close()
        await on.place?.remove()
      })
      suite(on, kind)
    })
  }
}
