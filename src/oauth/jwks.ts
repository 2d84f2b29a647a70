import type { UserPoolId } from '../domain/ids.ts'
import type { App } from '../ports/app.ts'

/** The pool's public keys: one signs ID tokens, the other access tokens. Nothing when there is no such pool. */
export async function jwks(app: App, poolId: string): Promise<{ keys: unknown[] } | undefined> {
  const keys = await app.store.pools.keys(poolId as UserPoolId)
  return keys.length === 0 ? undefined : { keys: keys.map(({ jwk }) => jwk) }
}
