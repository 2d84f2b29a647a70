import type { Username, UserPoolId } from './ids.ts'

/** A verified authenticator app. */
export interface SoftwareToken {
  readonly poolId: UserPoolId
  readonly username: Username
  /** The key that app and server share, sealed. */
  readonly sealed: string
  readonly deviceName?: string
  /** The last time step whose code was used: no code works twice. */
  readonly lastStep: number
}
