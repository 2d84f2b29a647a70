import { mustBeConfirmed } from '../../domain/user.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken } from '../shapes.ts'
import { listDevices } from './list.ts'
import { Devices, page } from './shapes.ts'

export default operation('ListDevices', {
  doc: "Lists the signed-in user's devices, a page at a time.",
  access: accessToken,
  input: struct({ AccessToken: required(AccessToken), ...page }),
  output: Devices,
  faults: ['UserNotConfirmed', 'PasswordResetRequired', 'TrackingOff', 'InvalidParameter'],
  async run({ pool, user, input, ...app }) {
    mustBeConfirmed(user)
    return listDevices(app, pool, user, input, 'user')
  },
})
