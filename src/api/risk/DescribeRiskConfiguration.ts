import { Fault } from '../../domain/faults.ts'
import type { ClientId as Id } from '../../domain/ids.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { ClientId, UserPoolId } from '../shapes.ts'
import { RiskConfiguration, showRisk } from './configuration.ts'

export default operation('DescribeRiskConfiguration', {
  doc: 'Shows how threat protection reacts, as it was set for a pool or for one of its clients.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), ClientId }),
  output: struct({ RiskConfiguration: required(RiskConfiguration) }),
  faults: ['ClientNotFound'],
  differs:
    'What AWS shows where nothing was set is assumed: the names alone. The defaults are in force all the same.',
  async run({ pool, input, store }) {
    const clientId = input.ClientId as Id | undefined
    if (clientId !== undefined && (await store.clients.find(pool.id, clientId)) === undefined)
      throw new Fault('ClientNotFound', clientId)
    return showRisk(pool.id, clientId, await store.riskConfigurations.find(pool.id, clientId))
  },
})
