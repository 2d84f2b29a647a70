import { mustTrackDevices } from '../../domain/device.ts'
import { mustBeConfirmed } from '../../domain/user.ts'
import { setRemembered } from '../../flows/devices.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken, Nothing } from '../shapes.ts'
import { DeviceKey, DeviceRememberedStatus } from './shapes.ts'

export default operation('UpdateDeviceStatus', {
  doc: "Remembers one of the signed-in user's devices, so that it can stand for a second factor, or no longer.",
  access: accessToken,
  input: struct({
    AccessToken: required(AccessToken),
    DeviceKey: required(DeviceKey),
    DeviceRememberedStatus,
  }),
  output: Nothing,
  faults: ['UserNotConfirmed', 'PasswordResetRequired', 'TrackingOff', 'DeviceNotFound'],
  async run({ pool, user, input, now, ...app }) {
    mustBeConfirmed(user)
    mustTrackDevices(pool)
    await setRemembered(app, user, input.DeviceKey, input.DeviceRememberedStatus, now)
    return {}
  },
})
