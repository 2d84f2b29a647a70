import { isIPv4 } from 'node:net'
import { hours, type Instant } from '../lib/instant.ts'

export type RiskLevel = 'Low' | 'Medium' | 'High'

/** What threat protection has found out about an attempt, as AdminListUserAuthEvents shows it. */
export interface EventRisk {
  readonly decision: 'NoRisk' | 'AccountTakeover' | 'Block'
  readonly level?: RiskLevel
  readonly compromised: boolean
}

/** Where somebody is, and where their user has been. */
export interface RiskFacts {
  readonly place: Place
  /** Where the user is known to have been, the newest first. */
  readonly trusted: readonly Seen[]
  /** Everything that was tried in the user's name of late, the newest first, but for the attempt in question. */
  readonly recent: readonly Seen[]
  readonly now: Instant
}

export interface Place {
  readonly ip?: string
  readonly device?: string
}

/** An attempt, as far as it tells of another. */
interface Seen {
  readonly at: Instant
  readonly response: 'Pass' | 'Fail' | 'InProgress'
  readonly context: Place
  readonly feedback?: { readonly value: 'Valid' | 'Invalid' }
}

const few = 3
const many = 10

/**
 * How likely a right first factor is not in its user's hands. AWS scores addresses, user agents and distances and tells
 * nobody how; this rule anybody can work out by hand (docs/decisions/0015-what-is-risky.md):
 *
 *   a place of which it was last said that it was not the user: High
 *   otherwise a point each for an address out of networks that are not the user's and for a device that is not;
 *   where there is either, one for three attempts out of this network in the last hour that failed, and one more
 *   for ten:                                   2 Low, 3 Medium, 4 High
 *
 * Of a user who has been nowhere yet, nothing is known to differ. What fails elsewhere says nothing: whoever guesses at
 * an account could lock its user out by it.
 */
export function assessRisk({ place, trusted, recent, now }: RiskFacts): RiskLevel | undefined {
  const said = recent.find(({ feedback, context }) => feedback !== undefined && isHere(context, place))
  if (said?.feedback?.value === 'Invalid') return 'High'
  const isNew = (same: (one: Place, other: Place) => boolean) =>
    trusted.length > 0 && !trusted.some(({ context }) => same(context, place))
  const news = [isNew(sameNetwork), isNew(sameDevice)].filter(Boolean).length
  if (news === 0) return undefined
  const failed = recent.filter(
    ({ response, at, context }) => response === 'Fail' && at > now - hours(1) && sameNetwork(context, place),
  ).length
  return levels[news + (failed >= few ? 1 : 0) + (failed >= many ? 1 : 0)]
}

const levels = [undefined, undefined, 'Low', 'Medium', 'High'] as const

/** Both of what is known of an attempt; what was found first stays found. */
export function combined(before: EventRisk | undefined, after: EventRisk): EventRisk {
  if (before === undefined) return after
  const [weaker, stronger] = [before, after].toSorted((a, b) => weight[a.decision] - weight[b.decision])
  return {
    ...weaker,
    ...stronger,
    decision: stronger?.decision ?? after.decision,
    compromised: before.compromised || after.compromised,
  }
}

const weight = { NoRisk: 0, AccountTakeover: 1, Block: 2 } as const

const isHere = (one: Place, other: Place) => sameNetwork(one, other) && sameDevice(one, other)

/** Of a browser the name and the system count: it gets a new version every month. */
const sameDevice = (one: Place, other: Place): boolean => nameOf(one) === nameOf(other)
const nameOf = ({ device = '' }: Place): string => device.replace(/ [\d.]+/g, '')

const sameNetwork = (one: Place, other: Place): boolean =>
  one.ip !== undefined && other.ip !== undefined && networkOf(one.ip) === networkOf(other.ip)

/** The neighbours of an address, whom a provider moves it among: 256 of IPv4, a /64 of IPv6. */
function networkOf(ip: string): string {
  const mapped = ip.replace(/^::ffff:(?=[\d.]+$)/i, '')
  if (isIPv4(mapped)) return mapped.slice(0, mapped.lastIndexOf('.'))
  const [head = '', tail] = ip.toLowerCase().split('::')
  const [left, right] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''))
  const gap = tail === undefined ? 0 : 8 - (left?.length ?? 0) - (right?.length ?? 0)
  const groups = [...(left ?? []), ...Array<string>(Math.max(0, gap)).fill('0'), ...(right ?? [])]
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
