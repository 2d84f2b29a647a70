import { cloudFrontOf, type PoolDomain } from '../../domain/pool-domain.ts'
import { pattern } from '../../protocol/pattern.ts'
import { integer, oneOf, required, string, struct } from '../../protocol/shape.ts'
import { Arn, Domain } from '../shapes.ts'

/** How a domain is set up, as Create-, Update- and DescribeUserPoolDomain share it. */
export const settings = {
  ManagedLoginVersion: integer(),
  CustomDomainConfig: struct({
    CertificateArn: required(Arn),
    SecurityPolicy: oneOf('TLS_V1', 'TLS_V1_2_2021', 'TLS_V1_3_2025'),
  }),
  Routing: struct({
    Failover: struct({
      SecondaryRegion: required(string({ min: 5, max: 32 })),
      PrimaryRoute53HealthCheckId: required(string({ max: 64 })),
    }),
  }),
} as const

/** What answers a request that sets a domain up. */
export const SetUp = struct({
  ManagedLoginVersion: settings.ManagedLoginVersion,
  CloudFrontDomain: Domain,
  Routing: settings.Routing,
})

export const S3Bucket = string({ min: 3, max: 1024, pattern: pattern('^[0-9A-Za-z\\.\\-_]*(?<!\\.)$') })

export const shownRouting = ({ custom }: PoolDomain) => custom?.failover && { Failover: custom.failover }

export const shownSetUp = (domain: PoolDomain) => ({
  ManagedLoginVersion: domain.managedLoginVersion,
  // "If you set an Amazon Cognito prefix domain, this parameter returns null."
  CloudFrontDomain: domain.custom && cloudFrontOf(domain),
  Routing: shownRouting(domain),
})
