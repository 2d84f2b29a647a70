import { updateGroup } from '../../domain/group.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnGroup } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { Group, GroupName, settings, settingsIn, shownGroup } from './shapes.ts'

export default operation('UpdateGroup', {
  doc: "Changes a group's description, role or precedence; what the request leaves out stays.",
  access: iamOnGroup,
  input: struct({ UserPoolId: required(UserPoolId), GroupName: required(GroupName), ...settings }),
  output: struct({ Group }),
  faults: [],
  async run({ group, input, store, now }) {
    const updated = updateGroup(group, settingsIn(input), now)
    await store.groups.save(updated)
    return { Group: shownGroup(updated) }
  },
})
