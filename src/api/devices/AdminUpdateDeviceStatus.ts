import { mustTrackDevices } from '../../domain/device.ts'
import { setRemembered } from '../../flows/devices.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { Nothing, Username, UserPoolId } from '../shapes.ts'
import { DeviceKey, DeviceRememberedStatus } from './shapes.ts'

export default operation('AdminUpdateDeviceStatus', {
  doc: "Remembers one of a user's devices, so that it can stand for a second factor, or no longer.",
  access: iamOnUser,
  input: struct({
    UserPoolId: required(UserPoolId),
    Username: required(Username),
    DeviceKey: required(DeviceKey),
    DeviceRememberedStatus,
  }),
  output: Nothing,
  faults: ['TrackingOff', 'DeviceNotFound'],
  async run({ pool, user, input, now, ...app }) {
    mustTrackDevices(pool)
    await setRemembered(app, user, input.DeviceKey, input.DeviceRememberedStatus, now)
    return {}
  },
})
