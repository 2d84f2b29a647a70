import { type Asset, type Branding, mostBrandings } from '../domain/branding.ts'
import { Fault } from '../domain/faults.ts'
import { DuplicateKey, type Store } from '../ports/store.ts'

/** @throws Fault BrandingExists, TooMany */
export async function createBranding(store: Store, branding: Branding): Promise<void> {
  await store.transaction(async (store) => {
    const standing = await store.brandings.hold(branding.poolId)
    await store.brandings.create(branding).catch((error) => {
      throw error instanceof DuplicateKey ? new Fault('BrandingExists', branding.clientId) : error
    })
    if (standing >= mostBrandings) {
      throw new Fault('TooMany', 'managed login branding styles in a user pool', mostBrandings)
    }
  })
}

/** The style as it is now, and of its assets those that are new. */
export async function saveBranding(
  store: Store,
  branding: Branding,
  assets: readonly Asset[],
): Promise<void> {
  await store.transaction(async (store) => {
    await store.brandings.save(branding)
    await store.brandings.putAssets(branding, assets)
  })
}
