import { hours, type Instant, minutes, seconds } from '../lib/instant.ts'

/** How long after each failed attempt the next one comes; after the last there is none. */
const pauses = [seconds(2), seconds(10), minutes(1), minutes(5), minutes(15), hours(1)]

/** When a message is tried again that has failed this many times; never, once it has failed too often. */
export function nextAttempt(failures: number, at: Instant): Instant | undefined {
  const pause = pauses[failures - 1]
  return pause === undefined ? undefined : at + pause
}

/**
 * How long one attempt has. Whoever claims a message has it for twice as long: should the node die meanwhile, another
 * takes it up after that.
 */
export const attemptTime = seconds(15)
export const claimTime = 2 * attemptTime
