import { Fault } from '../domain/faults.ts'
import type { PageRequest } from '../ports/page-request.ts'
import type { Vault } from '../ports/vault.ts'

interface Source<T> {
  readonly load: (request: PageRequest) => Promise<T[]>
  readonly key: (item: T) => string
}

/**
 * One page of a listing. The token is the last key, sealed for this listing and nothing else: it tells nothing, it
 * cannot be made up, and it does not work on another pool or another filter.
 * @throws Fault InvalidParameter
 */
export async function pageOf<T>(
  vault: Vault,
  listing: string,
  token: string | undefined,
  size: number,
  source: Source<T>,
): Promise<{ items: T[]; next: string | undefined }> {
  const after = token === undefined ? undefined : open(vault, listing, token)
  // One more than asked for: whether there is a page behind this one, without a second query.
  const loaded = await source.load({ ...(after !== undefined && { after }), limit: size + 1 })
  const items = loaded.slice(0, size)
  const last = items.at(-1)
  const next = loaded.length > size && last !== undefined ? seal(vault, listing, source.key(last)) : undefined
  return { items, next }
}

const seal = (vault: Vault, listing: string, key: string) =>
  vault.seal(Buffer.from(key, 'utf8'), `page of ${listing}`)

function open(vault: Vault, listing: string, token: string): string {
  try {
    return Buffer.from(vault.open(token, `page of ${listing}`)).toString('utf8')
  } catch {
    // Any text that this listing did not hand out, whatever is wrong with it.
    throw new Fault('InvalidParameter', 'Invalid pagination token.')
  }
}
