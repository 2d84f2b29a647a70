import { attributesOf } from '../../domain/attribute.ts'
import { signUp } from '../../flows/sign-up.ts'
import { triggerFaults } from '../../flows/triggers.ts'
import { Secret } from '../../lib/secret.ts'
import { operation } from '../../protocol/operation.ts'
import { boolean, required, struct } from '../../protocol/shape.ts'
import { appClient } from '../access.ts'
import { sourceByClient } from '../context.ts'
import {
  AnalyticsMetadata,
  AttributeList,
  ClientId,
  ClientMetadata,
  Session,
  Text,
  Username,
} from '../shapes.ts'
import { UserContextData } from '../sign-in/shapes.ts'
import { CodeDeliveryDetails, OptionalPassword, SecretHash, showDelivery } from './shapes.ts'

export default operation('SignUp', {
  doc: 'Makes an account on the word of whoever wants one, to be confirmed with a code.',
  access: appClient,
  input: struct({
    ClientId: required(ClientId),
    SecretHash,
    Username: required(Username),
    Password: OptionalPassword,
    UserAttributes: AttributeList,
    ValidationData: AttributeList,
    AnalyticsMetadata,
    UserContextData,
    ClientMetadata,
  }),
  output: struct({
    UserConfirmed: required(boolean),
    CodeDeliveryDetails,
    UserSub: required(Text),
    Session,
  }),
  faults: [
    'SecretHashMissing',
    'SecretHashWrong',
    'AddressBlocked',
    'SignUpNotPermitted',
    'UnauthorizedAttribute',
    'InvalidParameter',
    'InvalidPassword',
    'InsecurePassword',
    'UsernameTaken',
    'UserExistsWithAttribute',
    'DeliveryNotConfigured',
    ...triggerFaults,
  ],
  differs: 'The text for a missing password is that of the years in which every user had one.',
  async run({ pool, client, input, now, ...app }) {
    const source = sourceByClient(app.source, pool, client, input.UserContextData)
    const { user, delivery, session } = await signUp(
      { app, pool, client, now, source, metadata: input.ClientMetadata },
      {
        name: input.Username,
        secretHash: input.SecretHash,
        password: input.Password ? new Secret(input.Password) : undefined,
        attributes: attributesOf(input.UserAttributes ?? []),
        validationData: input.ValidationData && attributesOf(input.ValidationData),
      },
    )
    return {
      UserConfirmed: user.status === 'CONFIRMED',
      CodeDeliveryDetails: delivery && showDelivery(delivery),
      UserSub: user.sub,
      Session: session?.reveal(),
    }
  },
})
