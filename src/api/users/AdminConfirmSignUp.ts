import { Fault } from '../../domain/faults.ts'
import { saveUser } from '../../flows/save-user.ts'
import { postConfirmation, triggerFaults } from '../../flows/triggers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { ClientMetadata, Nothing, Username, UserPoolId } from '../shapes.ts'

export default operation('AdminConfirmSignUp', {
  doc: 'Confirms a user who signed up, without a code. It verifies no attribute.',
  access: iamOnUser,
  input: struct({ UserPoolId: required(UserPoolId), Username: required(Username), ClientMetadata }),
  output: Nothing,
  faults: ['CannotConfirm', ...triggerFaults],
  async run({ pool, user, input, now, ...app }) {
    if (user.status !== 'UNCONFIRMED') throw new Fault('CannotConfirm', user.status)
    const confirmed = await saveUser(app.store, pool, user, { ...user, status: 'CONFIRMED' }, now)
    const metadata = input.ClientMetadata
    await postConfirmation(app, pool, confirmed, 'PostConfirmation_ConfirmSignUp', { metadata })
    return {}
  },
})
