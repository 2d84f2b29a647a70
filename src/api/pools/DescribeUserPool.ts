import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { describePool } from './describe.ts'
import { UserPool } from './shapes.ts'

export default operation('DescribeUserPool', {
  doc: "Shows a user pool's configuration, defaults included.",
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId) }),
  output: struct({ UserPool }),
  faults: [],
  async run({ pool, store, site }) {
    const [users, domains] = [await store.users.count(pool.id), await store.domains.ofPool(pool.id)]
    return { UserPool: describePool(pool, site.accountId, users, domains) }
  },
})
