import { Fault } from '../../domain/faults.ts'
import { saveUser } from '../../flows/save-user.ts'
import { stopAtTriggers } from '../../flows/triggers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { ClientMetadata, Nothing, Username, UserPoolId } from '../shapes.ts'

export default operation('AdminConfirmSignUp', {
  doc: 'Confirms a user who signed up, without a code. It verifies no attribute.',
  access: iamOnUser,
  input: struct({ UserPoolId: required(UserPoolId), Username: required(Username), ClientMetadata }),
  output: Nothing,
  faults: ['CannotConfirm', 'TriggerUnavailable'],
  async run({ pool, user, store, now }) {
    if (user.status !== 'UNCONFIRMED') throw new Fault('CannotConfirm', user.status)
    stopAtTriggers(pool, 'PostConfirmation')
    await saveUser(store, pool, user, { ...user, status: 'CONFIRMED' }, now)
    return {}
  },
})
