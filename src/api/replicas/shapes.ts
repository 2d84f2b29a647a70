import { userPoolArn } from '../../domain/arn.ts'
import type { UserPoolId } from '../../domain/ids.ts'
import { type Output, oneOf, string, struct } from '../../protocol/shape.ts'
import { Arn } from '../shapes.ts'

export const RegionName = string({ min: 5, max: 32 })
export const UserPoolReplica = struct({
  RegionName,
  Status: oneOf('CREATING', 'ACTIVE', 'INACTIVE', 'DELETING'),
  Role: oneOf('PRIMARY', 'SECONDARY'),
  UserPoolArn: Arn,
})

/** A user pool in one of its regions; the role follows from the id, which begins with the region of the primary. */
export function describeReplica(
  { poolId, region }: { readonly poolId: UserPoolId; readonly region: string },
  role: 'PRIMARY' | 'SECONDARY',
  status: 'CREATING' | 'ACTIVE' | 'INACTIVE' | 'DELETING',
  accountId: string,
): Output<typeof UserPoolReplica> {
  return {
    RegionName: region,
    Status: status,
    Role: role,
    UserPoolArn: userPoolArn(poolId, accountId, region),
  }
}
