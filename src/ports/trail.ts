import type { TrailEvent } from '../domain/trail-event.ts'

/**
 * The audit trail. Whoever records goes on at once, and is never refused: an event is written later, or lost, and nobody
 * waits for it.
 */
export interface Trail {
  readonly record: (event: TrailEvent) => void
  /** Opens files anew, for who moves them away. */
  readonly reopen?: () => void
  /** Resolves when all that was recorded is written, or will never be. */
  readonly close: () => Promise<void>
}
