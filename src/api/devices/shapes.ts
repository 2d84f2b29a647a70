import { pattern } from '../../protocol/pattern.ts'
import { integer, list, oneOf, string, struct, timestamp } from '../../protocol/shape.ts'
import { AttributeList, PoolPageKey, Text } from '../shapes.ts'

export const DeviceKey = string({ min: 1, max: 55, pattern: pattern('[\\w-]+_[0-9a-f-]+') })
export const DeviceName = string({ min: 1, max: 1024 })
export const DeviceSecretVerifierConfig = struct({ PasswordVerifier: Text, Salt: Text })
export const DeviceRememberedStatus = oneOf('remembered', 'not_remembered')

export const Device = struct({
  DeviceKey,
  DeviceAttributes: AttributeList,
  DeviceCreateDate: timestamp,
  DeviceLastModifiedDate: timestamp,
  DeviceLastAuthenticatedDate: timestamp,
})
/** One page of devices, as it is asked for and answered. */
export const page = { Limit: integer({ min: 0, max: 60 }), PaginationToken: PoolPageKey }
export const Devices = struct({ Devices: list(Device), PaginationToken: PoolPageKey })
