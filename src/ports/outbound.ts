/** Asks at addresses that requests name: for metadata and discovery documents of identity providers, and for tokens there. */
export interface Outbound {
  /** A document; it may be a few redirects away. @throws Unreachable */
  readonly get: (url: string) => Promise<Fetched>
  /** One request, and no redirect is followed. @throws Unreachable */
  readonly send: (request: OutboundRequest) => Promise<Answered>
}

export interface OutboundRequest {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Fetched {
  readonly status: number
  readonly body: string
}

export interface Answered extends Fetched {
  readonly contentType: string | undefined
}

/** Nobody answered there in time and within bounds, or nobody there may be asked. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}
