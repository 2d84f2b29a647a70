import type { Source } from '../ports/app.ts'

/** What a server that hands on requests of the web knows of their connection; a test may hand on nothing. */
interface Connection {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } }
}

/** Where a request of the web comes from. */
export function webSource(request: Request, connection: Connection | undefined): Source {
  return {
    address: connection?.incoming?.socket?.remoteAddress ?? '',
    userAgent: request.headers.get('user-agent') ?? undefined,
    referer: request.headers.get('referer') ?? undefined,
    secure: new URL(request.url).protocol === 'https:',
  }
}
