import { createGroup } from '../../flows/groups.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { Group, GroupName, settings, settingsIn, shownGroup } from './shapes.ts'

export default operation('CreateGroup', {
  doc: 'Creates a group in a pool. A role that it names is not looked up.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), GroupName: required(GroupName), ...settings }),
  output: struct({ Group }),
  faults: ['GroupExists', 'TooMany'],
  differs:
    'The text for too many groups is assumed. Names that differ in case are two groups; one report says that AWS refuses the second (amplify-backend#1781).',
  async run({ pool, input, store, now }) {
    const group = {
      poolId: pool.id,
      name: input.GroupName,
      ...settingsIn(input),
      createdAt: now,
      modifiedAt: now,
      version: 1,
    }
    await createGroup(store, group)
    return { Group: shownGroup(group) }
  },
})
