import type { FirstFactorFacts } from '../domain/first-factors.ts'
import type { Pool } from '../domain/pool.ts'
import type { User } from '../domain/user.ts'
import type { App } from '../ports/app.ts'
import { usablePasskeys } from './passkeys.ts'

/** What decides with which first factors a user can sign in. */
export async function firstFactorFacts(app: App, pool: Pool, user: User): Promise<FirstFactorFacts> {
  return { pool, user, passkeys: (await usablePasskeys(app, pool, user)).length }
}
