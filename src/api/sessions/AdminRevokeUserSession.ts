import { revokeSession } from '../../flows/sessions.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { Nothing, Username, UserPoolId } from '../shapes.ts'
import { RevokeAssociatedSessions, SessionId } from './shapes.ts'

export default operation('AdminRevokeUserSession', {
  doc: "Ends one of a user's sessions, with all of its tokens.",
  access: iamOnUser,
  input: struct({
    UserPoolId: required(UserPoolId),
    Username: required(Username),
    SessionId: required(SessionId),
    RevokeAssociatedSessions,
  }),
  output: Nothing,
  faults: ['SessionNotFound'],
  differs: 'The text is assumed.',
  async run({ pool, user, input, now, ...app }) {
    const request = { id: input.SessionId, associated: input.RevokeAssociatedSessions }
    await revokeSession(app, pool, user, request, now)
    return {}
  },
})
