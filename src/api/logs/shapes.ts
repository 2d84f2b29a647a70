import type { Pool } from '../../domain/pool.ts'
import { pattern } from '../../protocol/pattern.ts'
import { list, oneOf, required, string, struct } from '../../protocol/shape.ts'
import { Arn, UserPoolId } from '../shapes.ts'

const BucketArn = string({
  min: 3,
  max: 1024,
  pattern: pattern('arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:::[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?'),
})

/** The values of both enums in the order in which the service was seen to list them. */
export const LogConfigurations = list(
  struct({
    LogLevel: required(oneOf('ERROR', 'INFO')),
    EventSource: required(oneOf('userAuthEvents', 'userNotification')),
    CloudWatchLogsConfiguration: struct({ LogGroupArn: Arn }),
    S3Configuration: struct({ BucketArn }),
    FirehoseConfiguration: struct({ StreamArn: Arn }),
  }),
  { min: 0, max: 2 },
)

export const LogDeliveryConfiguration = struct({
  UserPoolId: required(UserPoolId),
  LogConfigurations: required(LogConfigurations),
})

export const showLogs = ({ id, logs = [] }: Pool) => ({ UserPoolId: id, LogConfigurations: logs })
