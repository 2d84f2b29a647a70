import { mustBeConfirmed } from '../../domain/user.ts'
import { revokeSession } from '../../flows/sessions.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken, Nothing } from '../shapes.ts'
import { RevokeAssociatedSessions, SessionId } from './shapes.ts'

export default operation('RevokeUserSession', {
  doc: 'Ends another session of the signed-in user, with all of its tokens.',
  access: accessToken,
  input: struct({
    AccessToken: required(AccessToken),
    SessionId: required(SessionId),
    RevokeAssociatedSessions,
  }),
  output: Nothing,
  faults: ['UserNotConfirmed', 'PasswordResetRequired', 'SessionNotFound', 'OwnSession'],
  differs: 'The texts, and the exception for a session of one’s own, are assumed.',
  async run({ pool, user, sessionId, input, now, ...app }) {
    mustBeConfirmed(user)
    const request = { id: input.SessionId, associated: input.RevokeAssociatedSessions }
    await revokeSession(app, pool, user, request, now, sessionId)
    return {}
  },
})
