import { attributesOf } from '../../domain/attribute.ts'
import { updateAttributes } from '../../flows/attributes.ts'
import { triggerFaults } from '../../flows/triggers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import { AttributeList, ClientMetadata, Nothing, Username, UserPoolId } from '../shapes.ts'
import { differsInLinks } from '../sign-up/shapes.ts'

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
  faults: ['InvalidParameter', 'AliasExists', 'DeliveryNotConfigured', ...triggerFaults],
  differs: differsInLinks,
  async run({ pool, user, input, now, ...app }) {
    const sending = { app, pool, now, metadata: input.ClientMetadata }
    await updateAttributes(sending, user, attributesOf(input.UserAttributes))
    return {}
  },
})
