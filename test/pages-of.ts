import type { PageRequest } from '../src/ports/page-request.ts'

/** The keys of every page there is, one page after the other. */
export async function pagesOf<T>(
  load: (page: PageRequest) => Promise<T[]>,
  key: (item: T) => string,
  limit: number,
): Promise<string[][]> {
  const pages: string[][] = []
  for (let after: string | undefined; ; ) {
    const keys = (await load({ ...(after !== undefined && { after }), limit })).map(key)
    if (keys.length > 0) pages.push(keys)
    if (keys.length < limit) return pages
    after = keys.at(-1)
  }
}
