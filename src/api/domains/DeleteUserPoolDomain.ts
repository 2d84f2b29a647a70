import { Fault } from '../../domain/faults.ts'
import { findDomain } from '../../flows/domains.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { Domain, Nothing, UserPoolId } from '../shapes.ts'

export default operation('DeleteUserPoolDomain', {
  doc: 'Takes a domain from a pool. Anybody may have the name from then on.',
  access: iamOnPool,
  input: struct({ Domain: required(Domain), UserPoolId: required(UserPoolId) }),
  output: Nothing,
  faults: ['DomainNotFound'],
  async run({ pool, input, store }) {
    const { host } = await findDomain(store, pool, input.Domain)
    if (!(await store.domains.delete(pool.id, host))) throw new Fault('DomainNotFound')
    return {}
  },
})
