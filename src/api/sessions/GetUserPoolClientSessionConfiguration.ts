import { defaultSsoMinutes } from '../../domain/session-tracking.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { ClientId, UserPoolId } from '../shapes.ts'
import { SSOSession } from './shapes.ts'

export default operation('GetUserPoolClientSessionConfiguration', {
  doc: 'Shows for how long after a sign-in to managed login a client takes it silently.',
  access: iamOnClient,
  input: struct({ UserPoolId: required(UserPoolId), ClientId: required(ClientId) }),
  output: struct({ UserPoolId, ClientId, SSOSession }),
  faults: [],
  async run({ pool, client }) {
    return {
      UserPoolId: pool.id,
      ClientId: client.id,
      SSOSession: { MaxValidityMinutes: client.ssoMinutes ?? defaultSsoMinutes },
    }
  },
})
