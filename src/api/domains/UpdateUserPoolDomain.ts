import { changedDomain } from '../../domain/pool-domain.ts'
import { findDomain } from '../../flows/domains.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { Domain, UserPoolId } from '../shapes.ts'
import { SetUp, settings, shownSetUp } from './shapes.ts'

export default operation('UpdateUserPoolDomain', {
  doc: "Changes which pages a pool's domain serves, or the certificate, security policy or routing of a domain of the owner's own.",
  access: iamOnPool,
  input: struct({ Domain: required(Domain), UserPoolId: required(UserPoolId), ...settings }),
  output: SetUp,
  faults: ['InvalidParameter', 'DomainNotFound', 'FeatureUnavailableInTier', 'ConcurrentChange'],
  differs:
    'What the request leaves out stays, and a Routing without Failover takes it away: both are assumed. The certificate and the region to fail over to are not looked up.',
  async run({ pool, input, store }) {
    const { Domain, UserPoolId: _, ...request } = input
    const domain = await findDomain(store, pool, Domain)
    const changed = changedDomain(pool, domain, request)
    await store.domains.save(changed)
    return shownSetUp(changed)
  },
})
