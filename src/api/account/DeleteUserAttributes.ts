import { deleteAttributes, mustBeOwn } from '../../flows/attributes.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken, AttributeNameList, Nothing } from '../shapes.ts'

export default operation('DeleteUserAttributes', {
  doc: 'Removes attributes of the signed-in user.',
  access: accessToken,
  input: struct({ UserAttributeNames: required(AttributeNameList), AccessToken: required(AccessToken) }),
  output: Nothing,
  faults: ['UnauthorizedAttribute', 'InvalidParameter', 'UserNotConfirmed', 'PasswordResetRequired'],
  async run({ pool, user, clientId, input, now, ...app }) {
    await mustBeOwn(app, pool, user, clientId, input.UserAttributeNames)
    await deleteAttributes(app, pool, user, input.UserAttributeNames, now)
    return {}
  },
})
