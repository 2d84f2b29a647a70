import type { Instant } from '../lib/instant.ts'
import type { UserPoolId } from './ids.ts'

/** A named set of a pool's users, and the IAM role that an identity pool may give to them. */
export interface Group extends GroupSettings {
  readonly poolId: UserPoolId
  readonly name: string
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly version: number
}

export interface GroupSettings {
  readonly description?: string
  readonly roleArn?: string
  /** Zero comes first; a group without one comes after all that have one. */
  readonly precedence?: number
}

/** What an update names; a setting that it leaves out stays, as in the example of AWS's API reference. */
export const updateGroup = (group: Group, settings: GroupSettings, now: Instant): Group => ({
  ...group,
  ...settings,
  modifiedAt: now,
})

/** By precedence, those without one last, and by name where that does not tell. The order of equals is ours. */
export function byPrecedence(groups: readonly Group[]): Group[] {
  return groups.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
}

const rank = ({ precedence }: Group): number => precedence ?? Number.MAX_SAFE_INTEGER

/** The roles of these groups, each once. */
export function rolesOf(groups: readonly Group[]): string[] {
  const roles = byPrecedence(groups).flatMap(({ roleArn }) => roleArn ?? [])
  return [...new Set(roles)]
}

/**
 * The role of the group that takes precedence. None where several do and their roles differ (AWS's comment on
 * `Precedence`), and none of a group without precedence: ID tokens have been seen with a group, its one role and no
 * preferred role.
 */
export function preferredRoleOf(groups: readonly Group[]): string | undefined {
  const ranked = groups.filter(({ precedence, roleArn }) => precedence !== undefined && roleArn !== undefined)
  const first = Math.min(...ranked.map(rank))
  const [role, ...others] = rolesOf(ranked.filter((group) => rank(group) === first))
  return others.length === 0 ? role : undefined
}
