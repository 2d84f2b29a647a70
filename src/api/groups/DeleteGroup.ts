import { Fault } from '../../domain/faults.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnGroup } from '../access.ts'
import { Nothing, UserPoolId } from '../shapes.ts'
import { GroupName } from './shapes.ts'

export default operation('DeleteGroup', {
  doc: 'Deletes a group. Its members stay, and are in it no longer.',
  access: iamOnGroup,
  input: struct({ UserPoolId: required(UserPoolId), GroupName: required(GroupName) }),
  output: Nothing,
  faults: [],
  async run({ pool, group, store }) {
    if (!(await store.groups.delete(pool.id, group.name))) throw new Fault('GroupNotFound')
    return {}
  },
})
