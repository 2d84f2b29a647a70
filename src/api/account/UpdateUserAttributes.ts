import { attributesOf } from '../../domain/attribute.ts'
import { mustBeOwn, updateAttributes } from '../../flows/attributes.ts'
import { triggerFaults } from '../../flows/triggers.ts'
import { operation } from '../../protocol/operation.ts'
import { list, required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken, AttributeList, ClientMetadata } from '../shapes.ts'
import { CodeDeliveryDetails, differsInLinks, showDelivery } from '../sign-up/shapes.ts'

export default operation('UpdateUserAttributes', {
  doc: 'Changes attributes of the signed-in user; an empty value removes one.',
  access: accessToken,
  input: struct({
    UserAttributes: required(AttributeList),
    AccessToken: required(AccessToken),
    ClientMetadata,
  }),
  output: struct({ CodeDeliveryDetailsList: list(CodeDeliveryDetails) }),
  faults: [
    'UnauthorizedAttribute',
    'InvalidParameter',
    'AliasExists',
    'UserNotConfirmed',
    'PasswordResetRequired',
    'DeliveryNotConfigured',
    ...triggerFaults,
  ],
  differs: differsInLinks,
  async run({ pool, user, clientId, input, now, ...app }) {
    const values = attributesOf(input.UserAttributes)
    await mustBeOwn(app, pool, user, clientId, Object.keys(values))
    const sending = { app, pool, now, client: { id: clientId }, metadata: input.ClientMetadata }
    const deliveries = await updateAttributes(sending, user, values)
    return { CodeDeliveryDetailsList: deliveries.map(showDelivery) }
  },
})
