import { Fault } from '../../domain/faults.ts'
import { mustNotImport } from '../../flows/imports.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { Nothing, UserPoolId } from '../shapes.ts'

export default operation('DeleteUserPool', {
  doc: 'Deletes a user pool and everything in it, unless deletion protection is active or it has a domain.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId) }),
  output: Nothing,
  faults: ['PoolProtected', 'PoolHasDomain', 'ImportInProgress'],
  async run({ pool, store }) {
    if (pool.settings.DeletionProtection === 'ACTIVE') throw new Fault('PoolProtected')
    if ((await store.domains.ofPool(pool.id)).length > 0) throw new Fault('PoolHasDomain')
    await mustNotImport(store, pool)
    await store.pools.delete(pool.id)
    return {}
  },
})
