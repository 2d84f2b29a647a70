import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { LogDeliveryConfiguration, showLogs } from './shapes.ts'

export default operation('GetLogDeliveryConfiguration', {
  doc: 'Shows where the logs of a pool go.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId) }),
  output: struct({ LogDeliveryConfiguration }),
  faults: [],
  async run({ pool }) {
    return { LogDeliveryConfiguration: showLogs(pool) }
  },
})
