import { canonical } from '../domain/alias.ts'
import type { Pool } from '../domain/pool.ts'
import type { App } from '../ports/app.ts'

/**
 * What a user who does not exist would have had: made of the name under a key of ours, so that it is the same at every
 * try and looks like anybody's.
 */
export function decoyOf(app: App, pool: Pool, name: string): { userId: string; salt: string } {
  const label = `${pool.id} ${canonical(pool.identity, name)}`
  const id = Buffer.from(app.vault.mac(`${label} id`)).toString('hex')
  return {
    userId: id.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    salt: Buffer.from(app.vault.mac(`${label} salt`))
      .toString('hex')
      .slice(0, 32),
  }
}
