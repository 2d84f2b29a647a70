import { namesAcrLevels } from './acr.ts'
import { Fault } from './faults.ts'
import type { LogConfiguration, Pool, Tier } from './pool.ts'

type Configuration = Pick<Pool, 'settings' | 'mfa' | 'logs'> & {
  /** Whether the pool has a replica. */
  readonly replicated?: boolean
}

/** ours */
export const replication = 'Multi-Region Replication'

/** ours: no capture has its name. */
export const eventExport = 'User Activity Log Export'

export const exportsEvents = (logs: readonly LogConfiguration[]): boolean =>
  logs.some(({ EventSource }) => EventSource === 'userAuthEvents')

const order: readonly Tier[] = ['LITE', 'ESSENTIALS', 'PLUS']

/** What a feature plan leaves out, by the names that AWS's refusals use; those without a capture are ours. */
const gated: readonly {
  readonly feature: string
  readonly from: Tier
  readonly used: (configuration: Configuration) => boolean
}[] = [
  {
    feature: 'Threat Protection',
    from: 'PLUS',
    used: ({ settings }) => (settings.UserPoolAddOns?.AdvancedSecurityMode ?? 'OFF') !== 'OFF',
  },
  { feature: eventExport, from: 'PLUS', used: ({ logs = [] }) => exportsEvents(logs) },
  {
    feature: 'Passwordless Sign-In',
    from: 'ESSENTIALS',
    used: ({ settings }) =>
      settings.Policies.SignInPolicy.AllowedFirstAuthFactors.some((factor) => factor !== 'PASSWORD'),
  },
  ...(['V2_0', 'V3_0'] as const).map((version) => ({
    feature: `Token Customization with Pre-Token Generation Lambda ${version}`,
    from: 'ESSENTIALS' as const,
    used: ({ settings }: Configuration) =>
      settings.LambdaConfig.PreTokenGenerationConfig?.LambdaVersion === version,
  })),
  { feature: 'Email MFA', from: 'ESSENTIALS', used: ({ mfa }) => mfa.email !== undefined },
  // ours
  {
    feature: 'Passkey MFA',
    from: 'ESSENTIALS',
    used: ({ mfa }) => mfa.webAuthn?.FactorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION',
  },
  {
    feature: 'Password History',
    from: 'ESSENTIALS',
    used: ({ settings }) => (settings.Policies.PasswordPolicy.PasswordHistorySize ?? 0) > 0,
  },
  {
    feature: 'ACR Configuration',
    from: 'ESSENTIALS',
    used: ({ settings }) => namesAcrLevels(settings.AcrConfiguration),
  },
  {
    feature: 'Dynamic Client Registration',
    from: 'ESSENTIALS',
    used: ({ settings }) => settings.DcrConfiguration?.EnableStatus === 'Enabled',
  },
  { feature: replication, from: 'ESSENTIALS', used: ({ replicated = false }) => replicated },
]

/**
 * A pool uses no feature beyond its plan. `before` is the plan that an update leaves.
 * @throws Fault FeaturesBeyondTier, TierChangeNotAllowed when the plan is what changed
 */
export function checkTier(configuration: Configuration, before?: Tier): void {
  const tier = configuration.settings.UserPoolTier
  const beyond = gated.filter(({ from, used }) => isBelow(tier, from) && used(configuration))
  if (beyond.length === 0) return
  const features = beyond.map(({ feature }) => feature)
  const lowered = before !== undefined && isBelow(tier, before)
  throw new Fault(lowered ? 'TierChangeNotAllowed' : 'FeaturesBeyondTier', tier, features)
}

/** @throws Fault FeatureUnavailableInTier, for an operation that is about this one feature */
export function mustOffer(tier: Tier, feature: string, from: Tier): void {
  if (isBelow(tier, from)) throw new Fault('FeatureUnavailableInTier', tier, feature)
}

const isBelow = (tier: Tier, other: Tier): boolean => order.indexOf(tier) < order.indexOf(other)
