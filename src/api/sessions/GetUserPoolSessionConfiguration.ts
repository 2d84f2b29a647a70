import { trackingOf } from '../../domain/session-tracking.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { TokenSession, UserSessionTracking } from './shapes.ts'

export default operation('GetUserPoolSessionConfiguration', {
  doc: 'Shows whether a pool tracks sessions, and how many token sessions a user may have.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId) }),
  output: struct({ UserPoolId, UserSessionTracking, TokenSession }),
  faults: [],
  async run({ pool }) {
    const { enabled, maxPerUser } = trackingOf(pool)
    return {
      UserPoolId: pool.id,
      UserSessionTracking: enabled ? ('ENABLED' as const) : ('DISABLED' as const),
      TokenSession: { MaxPerUser: maxPerUser },
    }
  },
})
