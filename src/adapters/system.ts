import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'

export const systemClock: Clock = { now: () => Date.now() }

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  // randomInt rejects what would favour small digits; a byte modulo 10 would not.
  digits: (count) => Array.from({ length: count }, () => randomInt(10)).join(''),
  uuid: () => randomUUID(),
}
