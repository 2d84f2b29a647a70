import { createDomain } from '../../flows/domains.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { Domain, UserPoolId } from '../shapes.ts'
import { SetUp, settings, shownSetUp } from './shapes.ts'

export default operation('CreateUserPoolDomain', {
  doc: "Gives a pool a prefix of the service's domain, or a domain of the owner's own, for its pages and OAuth endpoints.",
  access: iamOnPool,
  input: struct({ Domain: required(Domain), UserPoolId: required(UserPoolId), ...settings }),
  output: SetUp,
  faults: [
    'InvalidParameter',
    'DomainExists',
    'DomainTaken',
    'DomainConfigured',
    'TooMany',
    'FeatureUnavailableInTier',
    'ConcurrentChange',
  ],
  differs:
    'The domain is there at once. Neither the DNS, the certificate nor the region to fail over to is looked up: only how they are written is checked. What is said of a wrong ManagedLoginVersion or Routing is assumed.',
  async run({ pool, input, store, now }) {
    const { Domain, UserPoolId: _, ...request } = input
    return shownSetUp(await createDomain(store, pool, Domain, request, now))
  },
})
