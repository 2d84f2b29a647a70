import { mustTrackDevices, shownDevice } from '../../domain/device.ts'
import { findDevice } from '../../flows/devices.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnOwner } from '../access.ts'
import { Username, UserPoolId } from '../shapes.ts'
import { Device, DeviceKey } from './shapes.ts'

export default operation('AdminGetDevice', {
  doc: "Shows one of a user's devices.",
  access: iamOnOwner,
  input: struct({
    DeviceKey: required(DeviceKey),
    UserPoolId: required(UserPoolId),
    Username: required(Username),
  }),
  output: struct({ Device: required(Device) }),
  faults: ['TrackingOff', 'DeviceNotFound'],
  async run({ pool, user, input, ...app }) {
    mustTrackDevices(pool)
    const device = await findDevice(app, user, input.DeviceKey)
    return { Device: shownDevice(device, app.site.accountId, 'administrator') }
  },
})
