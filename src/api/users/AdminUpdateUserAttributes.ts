import { attributesOf } from '../../domain/attribute.ts'
import { withAttributes } from '../../domain/attribute-change.ts'
import { saveUser } from '../../flows/save-user.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { AttributeList, ClientMetadata, Nothing, Username, UserPoolId } from '../shapes.ts'

export default operation('AdminUpdateUserAttributes', {
  doc: "Changes a user's attributes; an empty value removes one.",
  access: iamOnUser,
  input: struct({
    UserPoolId: required(UserPoolId),
    Username: required(Username),
    UserAttributes: required(AttributeList),
    ClientMetadata,
  }),
  output: Nothing,
  faults: ['InvalidParameter', 'AliasExists', 'NotBuilt'],
  differs:
    'No verification code is sent yet when an auto-verified address changes, and a pool that demands verification before the update is refused.',
  async run({ pool, user, input, store, now }) {
    const changed = withAttributes(pool, user, attributesOf(input.UserAttributes))
    await saveUser(store, pool, user, changed, now)
    return {}
  },
})
