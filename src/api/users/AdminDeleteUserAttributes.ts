import { deleteAttributes } from '../../flows/attributes.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { AttributeNameList, Nothing, Username, UserPoolId } from '../shapes.ts'

export default operation('AdminDeleteUserAttributes', {
  doc: "Removes some of a user's attributes.",
  access: iamOnUser,
  input: struct({
    UserPoolId: required(UserPoolId),
    Username: required(Username),
    UserAttributeNames: required(AttributeNameList),
  }),
  output: Nothing,
  faults: ['InvalidParameter'],
  async run({ pool, user, input, now, ...app }) {
    await deleteAttributes(app, pool, user, input.UserAttributeNames, now)
    return {}
  },
})
