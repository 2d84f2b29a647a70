import { checkLogs } from '../../domain/log-delivery.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { LogConfigurations, LogDeliveryConfiguration, showLogs } from './shapes.ts'

export default operation('SetLogDeliveryConfiguration', {
  doc: 'Says where the logs of a pool go, in place of all that was said before.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), LogConfigurations: required(LogConfigurations) }),
  output: struct({ LogDeliveryConfiguration }),
  faults: ['InvalidParameter', 'FeatureUnavailableInTier'],
  differs:
    'Logs are delivered where the server is started with --pool-logs, with its own credentials. No destination is looked up: one that takes nothing is told in the journal. The texts for a wrong level, a wrong destination, several destinations and the feature plan are assumed.',
  async run({ pool, input, store, now }) {
    const logs = input.LogConfigurations
    checkLogs(pool.settings.UserPoolTier, logs)
    await store.pools.save({ ...pool, logs, modifiedAt: now })
    return { LogDeliveryConfiguration: showLogs({ ...pool, logs }) }
  },
})
