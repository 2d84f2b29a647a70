import { Fault } from '../domain/faults.ts'
import type { Pool } from '../domain/pool.ts'
import {
  checkServer,
  identifierIn,
  managedServer,
  mostResourceServers,
  type ResourceServer,
  scopesOf,
} from '../domain/resource-server.ts'
import type { PageRequest } from '../ports/page-request.ts'
import { DuplicateKey, type Store, type Tables } from '../ports/store.ts'

/** @throws Fault ServerNotFound */
export async function findServer(store: Tables, pool: Pool, identifier: string): Promise<ResourceServer> {
  const managed = managedServer(pool)
  if (managed?.identifier === identifier) return managed
  const server = await store.resourceServers.find(pool.id, identifier)
  if (server === undefined) throw new Fault('ServerNotFound', identifier)
  return server
}

/** In order of identifier, the service's own among them. */
export async function pageOfServers(store: Tables, pool: Pool, page: PageRequest): Promise<ResourceServer[]> {
  const own = await store.resourceServers.page(pool.id, page)
  const managed = managedServer(pool)
  if (managed === undefined || (page.after ?? '') >= managed.identifier) return own
  return [...own, managed].toSorted((a, b) => (a.identifier < b.identifier ? -1 : 1)).slice(0, page.limit)
}

/** @throws Fault InvalidParameter, TooMany, ServerExists */
export async function createServer(store: Store, server: ResourceServer): Promise<void> {
  checkServer(server)
  await store.transaction(async (store) => {
    if ((await store.resourceServers.hold(server.poolId)) >= mostResourceServers) {
      throw new Fault('TooMany', 'resource servers in a user pool', mostResourceServers)
    }
    await store.resourceServers.create(server).catch((error) => {
      throw error instanceof DuplicateKey
        ? new Fault('ServerExists', server.identifier, server.poolId)
        : error
    })
  })
}

/** Replaces it whole. @throws Fault InvalidParameter, ServerNotFound, ServerManaged */
export async function updateServer(store: Tables, pool: Pool, server: ResourceServer): Promise<void> {
  mustBeOwn(pool, server.identifier)
  checkServer(server)
  if (!(await store.resourceServers.save(server))) throw new Fault('ServerNotFound', server.identifier)
}

/** @throws Fault ServerNotFound, ServerManaged */
export async function deleteServer(store: Tables, pool: Pool, identifier: string): Promise<void> {
  mustBeOwn(pool, identifier)
  if (!(await store.resourceServers.delete(pool.id, identifier)))
    throw new Fault('ServerNotFound', identifier)
}

function mustBeOwn(pool: Pool, identifier: string): void {
  if (managedServer(pool)?.identifier === identifier) throw new Fault('ServerManaged', identifier)
}

/**
 * Of these scopes, in their order, those that a resource server of the pool defines. One that a client is configured
 * with and whose definition has been deleted is inactive: no token has it.
 */
export async function definedScopes(
  store: Tables,
  pool: Pool,
  scopes: readonly string[],
): Promise<ReadonlySet<string>> {
  const identifiers = new Set(scopes.flatMap((scope) => identifierIn(scope) ?? []))
  if (identifiers.size === 0) return new Set()
  const servers = await store.resourceServers.named(pool.id, [...identifiers])
  const managed = managedServer(pool)
  const defined = new Set([...servers, ...(managed ? [managed] : [])].flatMap(scopesOf))
  return new Set(scopes.filter((scope) => defined.has(scope)))
}
