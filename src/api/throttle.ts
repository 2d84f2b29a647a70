import { Fault } from '../domain/faults.ts'
import { type Category, type Demand, demandsOf } from '../domain/request-limits.ts'
import { type Bucket, isFull, taken } from '../domain/token-bucket.ts'
import type { Instant } from '../lib/instant.ts'
import { seconds } from '../lib/instant.ts'
import type { App, Call } from '../ports/app.ts'
import { answersChallenge, categoryOf } from './categories.ts'

/** What an access has proven, as far as limits look at it. */
interface Proven {
  readonly pool?: Place
  readonly user?: Someone
  readonly enrolment?: { readonly pool: Place; readonly user: Someone }
}
type Place = { readonly id: string; readonly region: string }
type Someone = { readonly username: string }

/** Where inputs name somebody who is not proven. */
interface Naming {
  readonly Username?: string
  readonly AuthParameters?: { readonly USERNAME?: string }
  readonly ChallengeResponses?: { readonly USERNAME?: string }
  readonly ChallengeName?: string
}

/** No name of anybody is longer; a longer text is nobody's and need not be kept. */
const longestName = 128

/** Every node counts what comes to it. @throws Fault TooManyRequests */
export type Throttle = (call: Call, subject: unknown, input: unknown) => Promise<void>

export function createThrottle(app: App): Throttle {
  const limits = provisionedLimits(app)
  const buckets = new Map<string, Bucket>()
  let swept: Instant = 0

  /** Takes a token for each demand; where one of them can have none, for none. */
  function take(demands: readonly Demand[], now: Instant): boolean {
    const next = new Map<string, Bucket>()
    for (const demand of demands) {
      const found = [demand, demand.otherwise].find((one) => {
        const after = one && taken(buckets.get(one.key), one.rate, now)
        if (one && after) next.set(one.key, after)
        return after !== undefined
      })
      if (found === undefined) return false
    }
    for (const [key, bucket] of next) buckets.set(key, bucket)
    return true
  }

  /** What is full again is as good as forgotten. */
  function sweep(now: Instant): void {
    if (Math.abs(now - swept) < seconds(1)) return
    swept = now
    for (const [key, bucket] of buckets) if (isFull(bucket, now)) buckets.delete(key)
  }

  return async ({ operation, site, now, ...call }, subject, input) => {
    const proven = subject as Proven
    const region = call.region ?? (proven.pool ?? proven.enrolment?.pool)?.region ?? site.region
    const category = categoryOf(operation, input as Naming)
    const counted = {
      operation,
      category,
      region,
      answersChallenge: answersChallenge(operation, category),
      ...whom(proven, input as Naming),
    }
    const demands = demandsOf(counted, await limits(region, now))
    sweep(now)
    if (!take(demands, now)) throw new Fault('TooManyRequests')
  }
}

function whom({ enrolment, pool = enrolment?.pool, user = enrolment?.user }: Proven, input: Naming) {
  const named = input.Username ?? input.AuthParameters?.USERNAME ?? input.ChallengeResponses?.USERNAME
  return { poolId: pool?.id, user: (user?.username ?? named)?.slice(0, longestName) }
}

/** What was raised is read once a second and not at every request: so soon does every node go by it. */
function provisionedLimits({ store }: App) {
  const known = new Map<string, { at: Instant; rates: Promise<ReadonlyMap<Category, number>> }>()
  return (region: string, now: Instant): Promise<ReadonlyMap<Category, number>> => {
    const before = known.get(region)
    if (before !== undefined && Math.abs(now - before.at) < seconds(1)) return before.rates
    const rates = store.provisionedLimits.list(region)
    // Who could not read them is told so; the next one tries again.
    rates.catch(() => known.delete(region))
    known.set(region, { at: now, rates })
    return rates
  }
}
