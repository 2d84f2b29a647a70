import type { AuthorizationCode } from '../domain/authorization.ts'
import type { UserPoolId } from '../domain/ids.ts'
import type { Instant } from '../lib/instant.ts'

export interface AuthorizationCodes {
  readonly put: (code: AuthorizationCode) => Promise<void>
  /** Deletes and returns it: of any number of racing requests one gets the code. */
  readonly take: (poolId: UserPoolId, digest: string) => Promise<AuthorizationCode | undefined>
  readonly deleteExpired: (before: Instant) => Promise<number>
}
