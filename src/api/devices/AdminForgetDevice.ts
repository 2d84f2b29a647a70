import { mustTrackDevices } from '../../domain/device.ts'
import { forgetDevice } from '../../flows/devices.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { Nothing, Username, UserPoolId } from '../shapes.ts'
import { DeviceKey } from './shapes.ts'

export default operation('AdminForgetDevice', {
  doc: "Forgets one of a user's devices. Its refresh tokens are worth nothing from then on.",
  access: iamOnUser,
  input: struct({
    UserPoolId: required(UserPoolId),
    Username: required(Username),
    DeviceKey: required(DeviceKey),
  }),
  output: Nothing,
  faults: ['TrackingOff', 'DeviceNotFound'],
  async run({ pool, user, input, ...app }) {
    mustTrackDevices(pool)
    await forgetDevice(app, user, input.DeviceKey)
    return {}
  },
})
