import type { AccessKey } from '../domain/principal.ts'

/** Who may call with IAM credentials: the account's users and roles, found by access key. */
export interface Principals {
  /** The access key of that id, or nothing when no principal has it. */
  readonly find: (accessKeyId: string) => AccessKey | undefined
  readonly close: () => void
}
