import type { Context } from 'hono'
import type { Client } from '../domain/client.ts'
import type { ClientId } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import type { PoolDomain } from '../domain/pool-domain.ts'
import type { SignIn } from '../flows/step.ts'
import type { App } from '../ports/app.ts'
import { webSource } from '../protocol/web-source.ts'

/** The app client that a request is about, at a pool that has a domain. */
export interface Party {
  readonly pool: Pool
  readonly client: Client
  /** Where the pool's endpoints are, as whoever asks reaches them, without a trailing slash. */
  readonly origin: string
}

/**
 * The party that a client id names. Endpoints are at a domain, so a pool without one has none. A request to the name of a
 * domain is about its pool alone; one to this server's own name may be about any.
 */
export async function partyOf(
  app: App,
  id: string | undefined,
  context: Context,
): Promise<Party | undefined> {
  if (!id || id.includes('\0')) return undefined
  const poolId = await app.store.clients.poolOf(id as ClientId)
  const pool = poolId && (await app.store.pools.find(poolId))
  const client = poolId && (await app.store.clients.find(poolId, id as ClientId))
  if (!pool || !client) return undefined
  const domains = await app.store.domains.ofPool(pool.id)
  const host = new URL(context.req.url).hostname
  const named = domains.find((domain) => domain.host === host)
  if (domains.length === 0 || (named === undefined && (await app.store.domains.find(host)) !== undefined))
    return undefined
  return { pool, client, origin: originOf(app, named) }
}

/** A domain has TLS before it: this server's own name is as its settings say. */
const originOf = (app: App, domain: PoolDomain | undefined): string =>
  domain === undefined ? app.site.publicUrl : `https://${domain.host}`

/** A call of a party's, as sign-in flows take it. */
export function callOf(app: App, { pool, client }: Pick<Party, 'pool' | 'client'>, context: Context): SignIn {
  const requestId = app.random.uuid()
  return {
    app: { ...app, requestId },
    pool,
    client,
    now: app.clock.now(),
    source: { ...webSource(context.req.raw, context.env), requestId },
    validationData: undefined,
    metadata: undefined,
  }
}
