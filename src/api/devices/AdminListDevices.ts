import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnOwner } from '../access.ts'
import { Username, UserPoolId } from '../shapes.ts'
import { listDevices } from './list.ts'
import { Devices, page } from './shapes.ts'

export default operation('AdminListDevices', {
  doc: "Lists a user's devices, a page at a time.",
  access: iamOnOwner,
  input: struct({ UserPoolId: required(UserPoolId), Username: required(Username), ...page }),
  output: Devices,
  faults: ['TrackingOff', 'InvalidParameter'],
  run: ({ pool, user, input, ...app }) => listDevices(app, pool, user, input, 'administrator'),
})
