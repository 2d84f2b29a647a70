import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnGroup } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { Group, GroupName, shownGroup } from './shapes.ts'

export default operation('GetGroup', {
  doc: 'Shows a group.',
  access: iamOnGroup,
  input: struct({ UserPoolId: required(UserPoolId), GroupName: required(GroupName) }),
  output: struct({ Group }),
  faults: [],
  run: async ({ group }) => ({ Group: shownGroup(group) }),
})
