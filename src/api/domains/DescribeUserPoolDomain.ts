import { regionOf } from '../../domain/ids.ts'
import { cloudFrontOf, hostOf, type PoolDomain } from '../../domain/pool-domain.ts'
import { stampOf } from '../../lib/stamp.ts'
import { operation } from '../../protocol/operation.ts'
import { pattern } from '../../protocol/pattern.ts'
import { oneOf, required, string, struct } from '../../protocol/shape.ts'
import { iamOnAccount } from '../access.ts'
import { Domain, Text, UserPoolId } from '../shapes.ts'
import { S3Bucket, settings, shownRouting } from './shapes.ts'

export default operation('DescribeUserPoolDomain', {
  doc: 'Shows a domain of the region and whose it is. One that nobody has is shown as nothing.',
  access: iamOnAccount,
  input: struct({ Domain: required(Domain) }),
  output: struct({
    DomainDescription: struct({
      UserPoolId,
      AWSAccountId: string({ max: 12, pattern: pattern('[0-9]+') }),
      Domain,
      S3Bucket,
      CloudFrontDistribution: Text,
      Version: string({ min: 1, max: 20 }),
      Status: oneOf('CREATING', 'DELETING', 'UPDATING', 'ACTIVE', 'FAILED'),
      ...settings,
    }),
  }),
  faults: [],
  differs: 'There is no bucket and no CloudFront distribution: their names are made up, and stay the same.',
  async run({ input, store, region, site }) {
    const host = hostOf(input.Domain, region)
    const domain = host === undefined ? undefined : await store.domains.find(host)
    if (domain === undefined || regionOf(domain.poolId) !== region) return { DomainDescription: {} }
    return { DomainDescription: description(domain, site.accountId) }
  },
})

function description(domain: PoolDomain, accountId: string) {
  const { poolId, name, createdAt, custom, managedLoginVersion } = domain
  return {
    UserPoolId: poolId,
    AWSAccountId: accountId,
    Domain: name,
    S3Bucket: `aws-cognito-prod-${regionOf(poolId)}-assets`,
    CloudFrontDistribution: cloudFrontOf(domain),
    Version: stampOf(createdAt),
    Status: 'ACTIVE' as const,
    CustomDomainConfig: custom && {
      CertificateArn: custom.certificateArn,
      SecurityPolicy: custom.securityPolicy,
    },
    ManagedLoginVersion: managedLoginVersion,
    Routing: shownRouting(domain),
  }
}
