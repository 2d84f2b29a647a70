import { hash } from 'node:crypto'
import type { Instant } from '../lib/instant.ts'
import { Fault } from './faults.ts'
import { regionOf, type UserPoolId } from './ids.ts'
import type { Pool } from './pool.ts'
import { mustOffer } from './pool-tier.ts'

/** Where a pool's pages and OAuth endpoints are: at a prefix of the service's own domain, or at a domain of the owner's. */
export interface PoolDomain {
  readonly poolId: UserPoolId
  /** The whole name, which no other domain has. */
  readonly host: string
  /** As requests write it: the prefix alone, or the whole name. */
  readonly name: string
  readonly createdAt: Instant
  readonly version: number
  /** 1 for the classic pages, 2 for managed login. */
  readonly managedLoginVersion: number
  readonly custom?: CustomDomain
}

export interface CustomDomain {
  /** Which of the few that a region may have. */
  readonly slot: number
  readonly certificateArn: string
  readonly securityPolicy?: SecurityPolicy
  readonly failover?: Failover
}

export type SecurityPolicy = 'TLS_V1' | 'TLS_V1_2_2021' | 'TLS_V1_3_2025'

/** In AWS's own words. */
export interface Failover {
  readonly SecondaryRegion: string
  readonly PrimaryRoute53HealthCheckId: string
}

export interface DomainSettings {
  readonly ManagedLoginVersion?: number
  readonly CustomDomainConfig?: { readonly CertificateArn: string; readonly SecurityPolicy?: SecurityPolicy }
  readonly Routing?: { readonly Failover?: Failover }
}

/** Fixed. Source: developer guide, "Quotas in Amazon Cognito". */
export const mostCustomDomains = 4

const labelPattern = '^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$'
const label = new RegExp(labelPattern)

/** The whole name of a domain: of a prefix in this region, of any other as it is. Nothing where there cannot be one. */
export function hostOf(name: string, region: string): string | undefined {
  const labels = name.split('.')
  if (!labels.every((part) => label.test(part))) return undefined
  return labels.length === 1 ? `${name}.auth.${region}.${service}` : name
}

const service = 'amazoncognito.com'
const reserved = ['aws', 'amazon', 'cognito']

function refuse(text: string): never {
  throw new Fault('InvalidParameter', text)
}

/**
 * What a request makes of a domain; `slot` is of use to a custom one only. The texts are captured but for those marked
 * `ours`: amplify-cli#1513, terraform-aws-cognito-user-pool#69, amplify-hosting#2278.
 * @throws Fault InvalidParameter, FeatureUnavailableInTier
 */
export function newDomain(
  pool: Pool,
  name: string,
  settings: DomainSettings,
  slot: number,
  now: Instant,
): PoolDomain {
  const config = settings.CustomDomainConfig
  if (config === undefined) checkPrefix(name)
  else checkCustom(name)
  const domain: PoolDomain = {
    poolId: pool.id,
    host: hostOf(name, regionOf(pool.id)) ?? refuse(notASubdomain),
    name,
    createdAt: now,
    version: 1,
    // Classic, as domains that the API creates have been seen to be.
    managedLoginVersion: 1,
    ...(config && { custom: { slot, certificateArn: config.CertificateArn } }),
  }
  return changedDomain(pool, domain, settings)
}

function checkPrefix(name: string): void {
  if (!label.test(name)) {
    refuse(
      `The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: ${labelPattern}`,
    )
  }
  const word = reserved.find((word) => name.includes(word))
  if (word !== undefined) refuse(`Domain cannot contain reserved word: ${word}`)
}

const notASubdomain =
  'Custom domain is not a valid subdomain: Was not able to resolve a DNS A record for the parent domain or domain parent is a top-level domain.'

/** Nobody asks the DNS here: what cannot have the parent is refused in the words for one without. */
function checkCustom(name: string): void {
  if (name.split('.').length < 3) refuse(notASubdomain)
  if (name.endsWith(`.${service}`)) refuse('Domain cannot contain reserved word: cognito')
}

/**
 * What an update makes of it. What the request leaves out stays.
 * @throws Fault InvalidParameter, FeatureUnavailableInTier
 */
export function changedDomain(pool: Pool, domain: PoolDomain, settings: DomainSettings): PoolDomain {
  const { ManagedLoginVersion: version, CustomDomainConfig: config, Routing } = settings
  // ours
  if (version !== undefined && version !== 1 && version !== 2) refuse('ManagedLoginVersion must be 1 or 2.')
  // ours, the feature's name
  if (version === 2) mustOffer(pool.settings.UserPoolTier, 'Managed Login', 'ESSENTIALS')
  if (config !== undefined) checkCertificate(domain, config.CertificateArn)
  // ours
  if (Routing?.Failover !== undefined && domain.custom === undefined)
    refuse('Routing is only supported for custom domains.')
  return {
    ...domain,
    ...(version !== undefined && { managedLoginVersion: version }),
    ...(domain.custom && { custom: changedCustom(domain.custom, settings) }),
  }
}

function checkCertificate({ custom }: PoolDomain, arn: string): void {
  if (custom === undefined) {
    // aws-cdk#25712
    refuse('User pool should have a custom domain associated, failed to update the certificate.')
  }
  if (!/^arn:aws[\w-]*:acm:us-east-1:[0-9]+:certificate\/[\w-]+$/.test(arn)) {
    refuse(
      "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.",
    )
  }
}

function changedCustom(custom: CustomDomain, settings: DomainSettings): CustomDomain {
  const { CustomDomainConfig: config, Routing } = settings
  const { failover: standing, ...rest } = custom
  const failover = Routing === undefined ? standing : Routing.Failover
  return {
    ...rest,
    ...(config && { certificateArn: config.CertificateArn }),
    ...(config?.SecurityPolicy && { securityPolicy: config.SecurityPolicy }),
    ...(failover && { failover }),
  }
}

/** The name that a custom domain is to be an alias of; prefixes of a region share theirs. Made up, always alike. */
export function cloudFrontOf({ host, poolId, custom }: PoolDomain): string {
  const digest = hash('sha256', `cloudfront ${custom ? host : regionOf(poolId)}`)
  return `d${BigInt(`0x${digest}`).toString(36).slice(0, 13)}.cloudfront.net`
}
