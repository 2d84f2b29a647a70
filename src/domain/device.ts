import type { Instant } from '../lib/instant.ts'
import type { Username, UserPoolId } from './ids.ts'

/** A device from which a user signs in. It counts from ConfirmDevice on, when it has a verifier. */
export interface Device {
  readonly poolId: UserPoolId
  readonly username: Username
  /** `us-east-1_` and a UUID. */
  readonly key: string
  readonly groupKey: string
  readonly name?: string
  readonly verifier?: {
    /** Hexadecimal. */
    readonly salt: string
    readonly sealed: string
  }
  readonly remembered: boolean
  readonly lastIp?: string
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly authenticatedAt: Instant
}
