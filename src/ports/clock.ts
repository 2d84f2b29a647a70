import type { Instant } from '../lib/instant.ts'

/** The one clock. A request reads it once and hands the instant down. */
export interface Clock {
  readonly now: () => Instant
}
