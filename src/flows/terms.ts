import { Fault } from '../domain/faults.ts'
import { mostTerms, type Terms } from '../domain/terms.ts'
import { DuplicateKey, type Store } from '../ports/store.ts'

/** @throws Fault TermsExist, TooMany */
export async function createTerms(store: Store, terms: Terms): Promise<void> {
  await store.transaction(async (store) => {
    const standing = await store.terms.hold(terms.poolId)
    await store.terms.create(terms).catch((error) => {
      throw error instanceof DuplicateKey ? new Fault('TermsExist', terms.name, terms.clientId) : error
    })
    if (standing >= mostTerms) throw new Fault('TooMany', 'terms documents in a user pool', mostTerms)
  })
}

/** @throws Fault TermsExist when its client has another of the new name */
export async function saveTerms(store: Store, before: Terms, after: Terms): Promise<void> {
  if (after.name === before.name) return store.terms.save(after)
  await store.transaction(async (store) => {
    await store.terms.hold(after.poolId)
    const other = await store.terms.findOfClient(after.poolId, after.clientId, after.name)
    if (other !== undefined && other.id !== after.id)
      throw new Fault('TermsExist', after.name, after.clientId)
    await store.terms.save(after)
  })
}
