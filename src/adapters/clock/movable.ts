import type { Instant } from '../../lib/instant.ts'
import type { Clock } from '../../ports/clock.ts'

/** A clock that runs like another and can be moved. */
export interface MovableClock extends Clock {
  readonly advance: (milliseconds: number) => void
  readonly set: (at: Instant) => void
}

export function movableClock(base: Clock): MovableClock {
  let offset = 0
  return {
    now: () => base.now() + offset,
    advance(milliseconds) {
      offset += milliseconds
    },
    set(at) {
      offset = at - base.now()
    },
  }
}
