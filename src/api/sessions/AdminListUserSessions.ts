import { listSessions } from '../../flows/sessions.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { PoolPageKey, Username, UserPoolId } from '../shapes.ts'
import { mustBeFirstPage, render, Sessions } from './shapes.ts'

export default operation('AdminListUserSessions', {
  doc: 'Lists the sessions of a user that are in force, at every client, in one page.',
  access: iamOnUser,
  input: struct({
    UserPoolId: required(UserPoolId),
    Username: required(Username),
    NextToken: PoolPageKey,
  }),
  output: Sessions,
  faults: ['InvalidParameter'],
  differs: 'There is no look-up of places: the country is always unknown.',
  async run({ pool, user, input, now, ...app }) {
    mustBeFirstPage(input.NextToken)
    return render(await listSessions(app, pool, user, now))
  },
})
