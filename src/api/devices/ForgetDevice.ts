import { mustTrackDevices } from '../../domain/device.ts'
import { mustBeConfirmed } from '../../domain/user.ts'
import { forgetDevice } from '../../flows/devices.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { optionalAccessToken } from '../access.ts'
import { AccessToken, Nothing } from '../shapes.ts'
import { DeviceKey } from './shapes.ts'

export default operation('ForgetDevice', {
  doc: "Forgets one of the signed-in user's devices. Its refresh tokens are worth nothing from then on.",
  access: optionalAccessToken,
  input: struct({ AccessToken, DeviceKey: required(DeviceKey) }),
  output: Nothing,
  faults: ['UserNotConfirmed', 'PasswordResetRequired', 'TrackingOff', 'DeviceNotFound'],
  async run({ pool, user, input, ...app }) {
    mustBeConfirmed(user)
    mustTrackDevices(pool)
    await forgetDevice(app, user, input.DeviceKey)
    return {}
  },
})
