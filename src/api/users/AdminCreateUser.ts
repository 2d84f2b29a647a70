import { attributesOf } from '../../domain/attribute.ts'
import { Fault } from '../../domain/faults.ts'
import { createUser, type Invitation, inviteAgain, type NewUser } from '../../flows/create-user.ts'
import { findUser } from '../../flows/find-user.ts'
import { triggerFaults } from '../../flows/triggers.ts'
import { Secret } from '../../lib/secret.ts'
import { operation } from '../../protocol/operation.ts'
import { boolean, list, oneOf, required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { AttributeList, ClientMetadata, DeliveryMedium, User, Username, UserPoolId } from '../shapes.ts'
import { OptionalPassword } from '../sign-up/shapes.ts'
import { showUser } from './show.ts'

export default operation('AdminCreateUser', {
  doc: 'Creates a user with a temporary password and invites them, or sends the invitation again.',
  access: iamOnPool,
  input: struct({
    UserPoolId: required(UserPoolId),
    Username: required(Username),
    UserAttributes: AttributeList,
    ValidationData: AttributeList,
    TemporaryPassword: OptionalPassword,
    ForceAliasCreation: boolean,
    MessageAction: oneOf('RESEND', 'SUPPRESS'),
    DesiredDeliveryMediums: list(DeliveryMedium),
    ClientMetadata,
  }),
  output: struct({ User }),
  faults: [
    'InvalidParameter',
    'InvalidPassword',
    'UserExists',
    'UserExistsWithAttribute',
    'AliasExists',
    'UserNotFound',
    'CannotResendInvitation',
    'DeliveryNotConfigured',
    ...triggerFaults,
  ],
  differs:
    'A user without a password is welcomed by the pool’s text if that has no place for a password, and else by the name alone: AWS says that there is such a message, and not how it reads.',
  async run({ pool, input, now, ...app }) {
    const media = input.DesiredDeliveryMediums
    const invitation: Invitation =
      input.MessageAction === 'SUPPRESS'
        ? { kind: 'suppressed' }
        : { kind: 'send', media: media ?? ['SMS'], stated: media !== undefined }
    const request: NewUser = {
      name: input.Username,
      attributes: attributesOf(input.UserAttributes ?? []),
      temporaryPassword: input.TemporaryPassword ? new Secret(input.TemporaryPassword) : undefined,
      forceAliasCreation: input.ForceAliasCreation ?? false,
      invitation,
      validationData: input.ValidationData && attributesOf(input.ValidationData),
      metadata: input.ClientMetadata,
    }
    if (input.MessageAction !== 'RESEND') return { User: showUser(await createUser(app, pool, request, now)) }
    const standing = await findUser(app.store, pool, input.Username)
    if (standing === undefined) throw new Fault('UserNotFound')
    return { User: showUser(await inviteAgain(app, pool, standing, request, now)) }
  },
})
