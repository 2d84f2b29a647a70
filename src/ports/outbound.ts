/** Reads documents that requests name the address of: metadata and discovery documents of identity providers. */
export interface Outbound {
  /** @throws Unreachable */
  readonly get: (url: string) => Promise<Fetched>
}

export interface Fetched {
  readonly status: number
  readonly body: string
}

/** Nobody answered there in time and within bounds, or nobody there may be asked. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}
