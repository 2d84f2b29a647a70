import { canBeUsername, canonical } from '../domain/alias.ts'
import type { Pool } from '../domain/pool.ts'
import type { App } from '../ports/app.ts'

/**
 * What a user who does not exist would have had: made of the name under a key of ours, so that it is the same at every
 * try and looks like anybody's. Where people sign in with their usernames, the id that comes back is the name that was
 * given; one that has to be something else is a UUID, as AWS documents it for all.
 */
export function decoyOf(app: App, pool: Pool, name: string): { userId: string; salt: string } {
  const wanted = canonical(pool.identity, name)
  const label = `${pool.id} ${wanted}`
  const id = Buffer.from(app.vault.mac(`${label} id`)).toString('hex')
  return {
    userId: canBeUsername(pool.identity, name)
      ? wanted
      : id.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    salt: Buffer.from(app.vault.mac(`${label} salt`))
      .toString('hex')
      .slice(0, 32),
  }
}
