import { pattern } from '../protocol/pattern.ts'
import { boolean, integer, list, map, oneOf, required, string, struct, timestamp } from '../protocol/shape.ts'

/** Members that many operations share, named and bounded as the service model has them. */

export const UserPoolId = string({ min: 1, max: 55, pattern: pattern('[\\w-]+_[0-9a-zA-Z]+') })
export const ClientId = string({ min: 1, max: 128, pattern: pattern('[\\w+]+'), sensitive: true })
export const Username = string({
  min: 1,
  max: 128,
  pattern: pattern('[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+'),
  sensitive: true,
})
export const AccessToken = string({ pattern: pattern('[A-Za-z0-9-_=.]+'), sensitive: true })
export const Session = string({ min: 20, max: 2048, sensitive: true })
export const Password = string({ max: 256, pattern: pattern('[\\S]+'), sensitive: true })
export const Text = string({ min: 0, max: 131072 })
export const Instant = timestamp
export const PageKey = string({ min: 1, max: 131072, pattern: pattern('[\\S]+') })
export const PoolPageKey = string({ min: 1, pattern: pattern('[\\S]+') })
export const QueryLimit = integer({ min: 1, max: 60 })

/**
 * The model's pattern is that of a prefix, and holds for no domain of an owner's own. AWS creates those all the same, and
 * refuses a prefix that is none in words of its own (terraform-aws-cognito-user-pool#69).
 */
export const Domain = string({
  min: 1,
  max: 63,
  pattern: { source: '^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$', matches: () => true },
})

const arnPattern =
  'arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?'
export const Arn = string({ min: 20, max: 2048, pattern: pattern(arnPattern) })
export const OptionalArn = string({ min: 0, max: 2048, pattern: pattern(`(${arnPattern})?`) })
export const EmailAddress = string({
  pattern: pattern('[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+@[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+'),
})

export const AttributeName = string({
  min: 1,
  max: 32,
  pattern: pattern('[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r ]+'),
})
export const AttributeList = list(
  struct({ Name: required(AttributeName), Value: string({ max: 2048, sensitive: true }) }),
)
export const AttributeNameList = list(AttributeName)

export const DeliveryMedium = oneOf('SMS', 'EMAIL')
export const MFAOptions = list(struct({ DeliveryMedium, AttributeName }))
export const UserMFASettingList = list(Text)

export const UserStatus = oneOf(
  'UNCONFIRMED',
  'CONFIRMED',
  'ARCHIVED',
  'COMPROMISED',
  'UNKNOWN',
  'RESET_REQUIRED',
  'FORCE_CHANGE_PASSWORD',
  'EXTERNAL_PROVIDER',
)

/** A user as AdminCreateUser and ListUsers show one. */
export const User = struct({
  Username,
  Attributes: AttributeList,
  UserCreateDate: timestamp,
  UserLastModifiedDate: timestamp,
  Enabled: boolean,
  UserStatus,
  MFAOptions,
})

export const ClientMetadata = map(Text, Text)
export const AnalyticsMetadata = struct({ AnalyticsEndpointId: Text })

/** Nothing comes back but the fact that it was done. */
export const Nothing = struct({})
