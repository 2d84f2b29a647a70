import type { Instant } from '../lib/instant.ts'

/** As many requests as come in a second may come at once; then they come evenly. */
export interface Bucket {
  readonly tokens: number
  readonly at: Instant
}

/** What is in a bucket by now. One that nobody has taken from in a second is full, and as good as none. */
export function tokensIn(bucket: Bucket | undefined, rate: number, now: Instant): number {
  if (bucket === undefined) return rate
  const since = Math.max(0, now - bucket.at)
  return Math.min(rate, bucket.tokens + (since * rate) / 1000)
}

/** The bucket after one request; nothing where there is no token for it. */
export function taken(bucket: Bucket | undefined, rate: number, now: Instant): Bucket | undefined {
  const tokens = tokensIn(bucket, rate, now)
  return tokens < 1 ? undefined : { tokens: tokens - 1, at: now }
}

export const isFull = ({ at }: Bucket, now: Instant): boolean => now - at >= 1000
