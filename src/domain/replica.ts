import type { Instant } from '../lib/instant.ts'
import type { Challenge } from './challenge.ts'
import { Fault } from './faults.ts'
import { isRegion, type UserPoolId } from './ids.ts'
import type { Pool, PoolSettings, ReplicaStatus } from './pool.ts'
import { resolveSettings } from './pool-settings.ts'
import { mustOffer, replication } from './pool-tier.ts'

/**
 * A user pool in a second region: the same id, the same users and the same keys, and settings of its own where regions
 * differ. What the pool is there, `poolIn` says, and nobody else needs to know of replicas.
 * Source: developer guide, "Multi-Region replication for user pools".
 */
export interface Replica {
  readonly poolId: UserPoolId
  readonly region: string
  readonly status: ReplicaStatus
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly version: number
  readonly settings: RegionalSettings
  readonly tags: Readonly<Record<string, string>>
}

/** The settings that each region has for itself, with the tags. The guide names them; all others are the primary's. */
export const regionalSettings = ['EmailConfiguration', 'SmsConfiguration', 'LambdaConfig'] as const
export type RegionalSettings = Pick<PoolSettings, (typeof regionalSettings)[number]>

export function regionalOf({
  EmailConfiguration,
  SmsConfiguration,
  LambdaConfig,
}: PoolSettings): RegionalSettings {
  return { EmailConfiguration, LambdaConfig, ...(SmsConfiguration && { SmsConfiguration }) }
}

/** The pool as it stands in the region of its replica. */
export function poolIn(pool: Pool, replica: Replica): Pool {
  const { SmsConfiguration: _, ...shared } = pool.settings
  return {
    ...pool,
    region: replica.region,
    replica: { status: replica.status },
    createdAt: replica.createdAt,
    modifiedAt: Math.max(pool.modifiedAt, replica.modifiedAt),
    version: replica.version,
    settings: { ...shared, ...replica.settings },
    tags: replica.tags,
  }
}

/**
 * A replica begins inactive, sends mail by the service itself and no SMS, and runs no functions.
 * @throws Fault InvalidParameter, FeatureUnavailableInTier; but for the plan's, the texts are ours
 */
export function newReplica(
  pool: Pool,
  region: string,
  tags: Readonly<Record<string, string>>,
  now: Instant,
): Replica {
  if (!isRegion(region)) throw new Fault('InvalidParameter', `${region} is not a Region.`)
  if (region === pool.region)
    throw new Fault('InvalidParameter', 'The Region of a replica must be another than that of its user pool.')
  mustOffer(pool.settings.UserPoolTier, replication, 'ESSENTIALS')
  mustHaveSharedKey(pool.settings)
  return {
    poolId: pool.id,
    region,
    status: 'INACTIVE',
    createdAt: now,
    modifiedAt: now,
    version: 1,
    settings: regionalOf(resolveSettings({}, region)),
    tags,
  }
}

/**
 * What is sealed in one region is opened in the other, so the key must be in both. The ids of such keys begin with `mrk-`.
 * @throws Fault InvalidParameter
 */
export function mustHaveSharedKey({ KeyConfiguration }: PoolSettings): void {
  if (!KeyConfiguration?.KmsKeyArn?.includes(':key/mrk-'))
    throw new Fault(
      'InvalidParameter',
      'A user pool with replicas needs a customer managed multi-Region key.',
    )
}

/** What a replica neither asks nor judges: TOTP is not supported there, and nobody's password or factors change there. */
const primaryOnly: ReadonlySet<Challenge> = new Set([
  'SOFTWARE_TOKEN_MFA',
  'NEW_PASSWORD_REQUIRED',
  'MFA_SETUP',
])

/** Whether a challenge of sign-in can be put to somebody in the region in which the pool is looked at. */
export function isServedIn({ replica }: Pool, challenge: Challenge): boolean {
  return replica === undefined || !primaryOnly.has(challenge)
}

/** @throws Fault OperationNotEnabled */
export function mustBeServedIn(pool: Pool, challenge: Challenge): void {
  if (!isServedIn(pool, challenge)) throw new Fault('OperationNotEnabled')
}
