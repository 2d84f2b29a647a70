import { mustBeConfirmed } from '../../domain/user.ts'
import { listSessions } from '../../flows/sessions.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken, PoolPageKey } from '../shapes.ts'
import { mustBeFirstPage, render, Sessions } from './shapes.ts'

export default operation('ListUserSessions', {
  doc: 'Lists the sessions of the signed-in user that are in force, at every client, in one page.',
  access: accessToken,
  input: struct({ AccessToken: required(AccessToken), NextToken: PoolPageKey }),
  output: Sessions,
  faults: ['UserNotConfirmed', 'PasswordResetRequired', 'InvalidParameter'],
  differs: 'There is no look-up of places: the country is always unknown.',
  async run({ pool, user, sessionId, input, now, ...app }) {
    mustBeConfirmed(user)
    mustBeFirstPage(input.NextToken)
    return render(await listSessions(app, pool, user, now, sessionId))
  },
})
