import type { Instant } from '../lib/instant.ts'
import type { Secret } from '../lib/secret.ts'
import type { PolicyDocument } from './iam-policy.ts'

/** Somebody who calls the API with IAM credentials. */
export interface Principal {
  /** `arn:aws:iam::123456789012:user/ada`, `arn:aws:sts::123456789012:assumed-role/deployer/session`, `arn:aws:iam::123456789012:root`. */
  readonly arn: string
  readonly type: 'Account' | 'User' | 'AssumedRole'
  /** What `aws:username` and `${aws:username}` stand for; users only. */
  readonly username?: string
  /** What `aws:userid` stands for. */
  readonly userId: string
  /** The account's root, and whoever calls while `--iam=off`, may do everything; policies are not asked. */
  readonly unrestricted: boolean
  /** Every identity-based policy in force: the principal's own, its groups' and the managed ones, each parsed. */
  readonly policies: readonly PolicyDocument[]
  /** `aws:PrincipalTag/…`. */
  readonly tags: Readonly<Record<string, string>>
}

/** A pair of access key id and secret access key, with the token and the end of temporary ones. */
export interface AccessKey {
  readonly id: string
  readonly secret: Secret
  readonly sessionToken?: Secret
  readonly expiresAt?: Instant
  readonly principal: Principal
}
