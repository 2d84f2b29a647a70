import { mustOfferSessions, mustTrackSessions } from '../../domain/session-tracking.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { ClientId, UserPoolId } from '../shapes.ts'
import { SSOSession } from './shapes.ts'

export default operation('SetUserPoolClientSessionConfiguration', {
  doc: 'Sets for how long after a sign-in to managed login a client takes it silently; zero is never.',
  access: iamOnClient,
  input: struct({
    UserPoolId: required(UserPoolId),
    ClientId: required(ClientId),
    SSOSession: required(SSOSession),
  }),
  output: struct({ UserPoolId, ClientId, SSOSession }),
  faults: ['FeatureUnavailableInTier', 'InvalidParameter'],
  differs:
    'The text for a pool that does not track sessions is assumed. Nothing goes by the setting before managed login does.',
  async run({ pool, client, input, store, now }) {
    mustOfferSessions(pool)
    mustTrackSessions(pool)
    const { SSOSession } = input
    await store.clients.save({ ...client, ssoMinutes: SSOSession.MaxValidityMinutes, modifiedAt: now })
    return { UserPoolId: pool.id, ClientId: client.id, SSOSession }
  },
})
