import { Fault } from '../domain/faults.ts'
import { regionOf } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import {
  type DomainSettings,
  hostOf,
  mostCustomDomains,
  newDomain,
  type PoolDomain,
} from '../domain/pool-domain.ts'
import type { Instant } from '../lib/instant.ts'
import { DuplicateKey, type Store, type Tables } from '../ports/store.ts'

/** A domain of this pool. @throws Fault DomainNotFound */
export async function findDomain(store: Tables, pool: Pool, name: string): Promise<PoolDomain> {
  const host = hostOf(name, regionOf(pool.id))
  const domain = host === undefined ? undefined : await store.domains.find(host)
  if (domain?.poolId !== pool.id) throw new Fault('DomainNotFound')
  return domain
}

/** Gives the pool a domain: a prefix and a domain of its own are all that a pool can have. */
export async function createDomain(
  store: Store,
  pool: Pool,
  name: string,
  settings: DomainSettings,
  now: Instant,
): Promise<PoolDomain> {
  return store.transaction(async (store) => {
    const standing = await store.domains.hold(pool.id)
    const isCustom = settings.CustomDomainConfig !== undefined
    const slot = isCustom ? await freeSlot(store, pool) : undefined
    const domain = newDomain(pool, name, settings, slot ?? 0, now)
    if (standing.some(({ host }) => host === domain.host)) throw new Fault('DomainExists')
    if (standing.some(({ custom }) => (custom !== undefined) === isCustom))
      throw new Fault('DomainConfigured')
    if (isCustom && slot === undefined)
      throw new Fault('TooMany', 'custom domains in a Region', mostCustomDomains)
    await store.domains.create(domain).catch((error) => {
      throw error instanceof DuplicateKey ? new Fault('DomainTaken') : error
    })
    return domain
  })
}

/** Of two who take the last one at once, the store lets one have it. */
async function freeSlot(store: Tables, pool: Pool): Promise<number | undefined> {
  const taken = new Set(await store.domains.slots(regionOf(pool.id)))
  return Array.from({ length: mostCustomDomains }, (_, index) => index + 1).find((slot) => !taken.has(slot))
}

/** The pages that are customized must be somewhere. @throws Fault DomainMissing */
export async function mustHaveDomain(store: Tables, pool: Pool): Promise<void> {
  if ((await store.domains.ofPool(pool.id)).length === 0) throw new Fault('DomainMissing')
}
