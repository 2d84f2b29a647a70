import { mustOfferSessions } from '../../domain/session-tracking.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { TokenSession, UserSessionTracking } from './shapes.ts'

export default operation('SetUserPoolSessionConfiguration', {
  doc: 'Turns the tracking of sessions on or off, and limits how many token sessions a user may have.',
  access: iamOnPool,
  input: struct({
    UserPoolId: required(UserPoolId),
    UserSessionTracking: required(UserSessionTracking),
    TokenSession: required(TokenSession),
  }),
  output: struct({ UserPoolId, UserSessionTracking, TokenSession }),
  faults: ['FeatureUnavailableInTier'],
  async run({ pool, input, store, now }) {
    mustOfferSessions(pool)
    const { UserSessionTracking, TokenSession } = input
    const sessions = { enabled: UserSessionTracking === 'ENABLED', maxPerUser: TokenSession.MaxPerUser }
    await store.pools.save({ ...pool, sessions, modifiedAt: now })
    return { UserPoolId: pool.id, UserSessionTracking, TokenSession }
  },
})
