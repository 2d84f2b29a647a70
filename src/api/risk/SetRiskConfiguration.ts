import { Fault } from '../../domain/faults.ts'
import type { ClientId as Id } from '../../domain/ids.ts'
import { resolveRisk } from '../../domain/risk-configuration.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { ClientId, UserPoolId } from '../shapes.ts'
import { RiskConfiguration, settings, showRisk } from './configuration.ts'

export default operation('SetRiskConfiguration', {
  doc: 'Says how threat protection reacts, in a pool or in one of its clients, in place of all that was said before.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), ClientId, ...settings }),
  output: struct({ RiskConfiguration: required(RiskConfiguration) }),
  faults: ['ClientNotFound', 'InvalidParameter'],
  differs:
    "The text for what is no range is assumed. A pool whose threat protection is off takes it, as the tests of Terraform's provider show; it has an effect once the mode is ENFORCED. The addresses and the identity to send from are kept, and go by the way that all mail goes. A body in HTML is sent before one in plain text.",
  async run({ pool, input, store, now }) {
    const { UserPoolId: _, ClientId, ...request } = input
    const clientId = ClientId as Id | undefined
    if (clientId !== undefined && (await store.clients.find(pool.id, clientId)) === undefined)
      throw new Fault('ClientNotFound', clientId)
    if (Object.keys(request).length === 0) {
      // The names alone ask for the defaults, or for what the pool has.
      await store.riskConfigurations.delete(pool.id, clientId)
      return showRisk(pool.id, clientId, undefined)
    }
    const configuration = {
      poolId: pool.id,
      ...(clientId !== undefined && { clientId }),
      modifiedAt: now,
      settings: resolveRisk(request),
    }
    await store.riskConfigurations.save(configuration)
    return showRisk(pool.id, clientId, configuration)
  },
})
