import { mustTrackDevices } from '../../domain/device.ts'
import { mustBeConfirmed } from '../../domain/user.ts'
import { confirmDevice } from '../../flows/devices.ts'
import { operation } from '../../protocol/operation.ts'
import { boolean, required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken } from '../shapes.ts'
import { DeviceKey, DeviceName, DeviceSecretVerifierConfig } from './shapes.ts'

export default operation('ConfirmDevice', {
  doc: 'Gives a device that a sign-in has made known its secret, so that it can prove itself from then on.',
  access: accessToken,
  input: struct({
    AccessToken: required(AccessToken),
    DeviceKey: required(DeviceKey),
    DeviceSecretVerifierConfig,
    DeviceName,
  }),
  output: struct({ UserConfirmationNecessary: boolean }),
  faults: [
    'UserNotConfirmed',
    'PasswordResetRequired',
    'TrackingOff',
    'InvalidDeviceKey',
    'DeviceKeyExists',
    'InvalidParameter',
  ],
  differs: 'The texts for a verifier that is missing or no number of the group are assumed.',
  async run({ pool, user, input, now, ...app }) {
    mustBeConfirmed(user)
    mustTrackDevices(pool)
    const { DeviceKey: key, DeviceName: name, DeviceSecretVerifierConfig: secret } = input
    const request = { key, ...(name !== undefined && { name }), ...(secret && { secret }) }
    const { mustAsk } = await confirmDevice(app, pool, user, request, now)
    return { UserConfirmationNecessary: mustAsk }
  },
})
