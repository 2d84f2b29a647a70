import { Fault } from '../domain/faults.ts'
import type { ClientId } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import { checkCss, everyClient, readLogo, type UiCustomization } from '../domain/ui-customization.ts'
import type { Instant } from '../lib/instant.ts'
import type { Tables } from '../ports/store.ts'
import { mustHaveDomain } from './domains.ts'

/** How the pages look at a client: as set for it, or else for all. @throws Fault ClientNotFound, DomainMissing */
export async function findCustomization(
  store: Tables,
  pool: Pool,
  clientId: string = everyClient,
): Promise<UiCustomization | undefined> {
  const subject = await subjectOf(store, pool, clientId)
  const own = await store.uiCustomizations.find(pool.id, subject)
  return own ?? (await store.uiCustomizations.find(pool.id, everyClient))
}

/**
 * Replaces the customization of a client, or of all; with neither style nor logo it is gone.
 * @throws Fault InvalidParameter, ClientNotFound, DomainMissing
 */
export async function setCustomization(
  store: Tables,
  pool: Pool,
  clientId: string = everyClient,
  { css, image }: { readonly css: string | undefined; readonly image: Uint8Array | undefined },
  now: Instant,
): Promise<UiCustomization | undefined> {
  const subject = await subjectOf(store, pool, clientId)
  if (css) checkCss(css)
  const logo = image?.length ? readLogo(image) : undefined
  if (!css && logo === undefined) {
    await store.uiCustomizations.delete(pool.id, subject)
    return undefined
  }
  const standing = await store.uiCustomizations.find(pool.id, subject)
  const customization: UiCustomization = {
    poolId: pool.id,
    clientId: subject,
    ...(css && { css }),
    ...(logo && { image: logo }),
    createdAt: standing?.createdAt ?? now,
    modifiedAt: now,
  }
  await store.uiCustomizations.save(customization)
  return customization
}

async function subjectOf(store: Tables, pool: Pool, clientId: string): Promise<UiCustomization['clientId']> {
  await mustHaveDomain(store, pool)
  if (clientId === everyClient) return everyClient
  const client = await store.clients.find(pool.id, clientId as ClientId)
  if (client === undefined) throw new Fault('ClientNotFound', clientId)
  return client.id
}
