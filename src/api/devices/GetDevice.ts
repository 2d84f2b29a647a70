import { mustTrackDevices, shownDevice } from '../../domain/device.ts'
import { mustBeConfirmed } from '../../domain/user.ts'
import { findDevice } from '../../flows/devices.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { optionalAccessToken } from '../access.ts'
import { AccessToken } from '../shapes.ts'
import { Device, DeviceKey } from './shapes.ts'

export default operation('GetDevice', {
  doc: "Shows one of the signed-in user's devices.",
  access: optionalAccessToken,
  input: struct({ DeviceKey: required(DeviceKey), AccessToken }),
  output: struct({ Device: required(Device) }),
  faults: ['UserNotConfirmed', 'PasswordResetRequired', 'TrackingOff', 'DeviceNotFound'],
  async run({ pool, user, input, ...app }) {
    mustBeConfirmed(user)
    mustTrackDevices(pool)
    return { Device: shownDevice(await findDevice(app, user, input.DeviceKey), app.site.accountId, 'user') }
  },
})
