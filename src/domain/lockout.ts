import { type Instant, minutes, seconds } from '../lib/instant.ts'
import type { Pool } from './pool.ts'

/** Wrong passwords and wrong MFA codes of one user, counted together. */
export interface Failures {
  readonly count: number
  readonly lastAt: Instant
}

const free = 5
const longest = minutes(15)
const forgottenAfter = minutes(15)

/**
 * Until when sign-in is locked: one second after the fifth failure, doubled with each further one, fifteen minutes at
 * most. Source: developer guide, "Managing user passwords".
 */
export function lockedUntil(failures: Failures | undefined): Instant {
  if (failures === undefined || failures.count < free) return 0
  return failures.lastAt + Math.min(seconds(2 ** (failures.count - free)), longest)
}

/** Each region of a pool counts for itself. No username has a space, so a count of one region is none of another's. */
export function countedIn({ region, replica }: Pool, name: string): string {
  return replica === undefined ? name : `${region} ${name}`
}

/** The count after another failure. Fifteen quiet minutes begin it anew. */
export function another(failures: Failures | undefined, at: Instant): Failures {
  const stale = failures === undefined || at - failures.lastAt >= forgottenAfter
  return { count: (stale ? 0 : failures.count) + 1, lastAt: at }
}
