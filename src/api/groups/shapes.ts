import type { Group as GroupFacts, GroupSettings } from '../../domain/group.ts'
import { defined } from '../../lib/defined.ts'
import { pattern } from '../../protocol/pattern.ts'
import { integer, list, type Output, string, struct, timestamp } from '../../protocol/shape.ts'
import { Arn, PageKey, UserPoolId } from '../shapes.ts'

export const GroupName = string({ min: 1, max: 128, pattern: pattern('[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+') })

/** What a group is created with and an update may change. */
export const settings = {
  Description: string({ max: 2048 }),
  RoleArn: Arn,
  Precedence: integer({ min: 0 }),
}

export const Group = struct({
  GroupName,
  UserPoolId,
  ...settings,
  LastModifiedDate: timestamp,
  CreationDate: timestamp,
})

/** One page of a list, as it is asked for. */
export const page = { Limit: integer({ min: 0, max: 60 }), NextToken: PageKey }
export const Groups = struct({ Groups: list(Group), NextToken: PageKey })

interface Given {
  readonly Description?: string
  readonly RoleArn?: string
  readonly Precedence?: number
}

export function settingsIn({ Description, RoleArn, Precedence }: Given): GroupSettings {
  return defined({ description: Description, roleArn: RoleArn, precedence: Precedence })
}

export function shownGroup(group: GroupFacts): Output<typeof Group> {
  return {
    GroupName: group.name,
    UserPoolId: group.poolId,
    Description: group.description,
    RoleArn: group.roleArn,
    Precedence: group.precedence,
    LastModifiedDate: group.modifiedAt,
    CreationDate: group.createdAt,
  }
}
