import { shownAttributes, shownMfa } from '../../domain/user.ts'
import { operation } from '../../protocol/operation.ts'
import { boolean, required, struct, timestamp } from '../../protocol/shape.ts'
import { iamOnUser } from '../access.ts'
import {
  AttributeList,
  MFAOptions,
  Text,
  UserMFASettingList,
  Username,
  UserPoolId,
  UserStatus,
} from '../shapes.ts'

export default operation('AdminGetUser', {
  doc: 'Shows a user: attributes, status and MFA state.',
  access: iamOnUser,
  input: struct({ UserPoolId: required(UserPoolId), Username: required(Username) }),
  output: struct({
    Username: required(Username),
    UserAttributes: AttributeList,
    UserCreateDate: timestamp,
    UserLastModifiedDate: timestamp,
    Enabled: boolean,
    UserStatus,
    MFAOptions,
    PreferredMfaSetting: Text,
    UserMFASettingList,
  }),
  faults: [],
  async run({ user }) {
    return {
      Username: user.username,
      UserAttributes: shownAttributes(user),
      UserCreateDate: user.createdAt,
      UserLastModifiedDate: user.modifiedAt,
      Enabled: user.enabled,
      UserStatus: user.status,
      ...shownMfa(user.mfa),
    }
  },
})
