import { canRead } from '../../domain/client.ts'
import type { ClientId } from '../../domain/ids.ts'
import { mustBeConfirmed, shownAttributes, shownMfa } from '../../domain/user.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { accessToken } from '../access.ts'
import { AccessToken, AttributeList, MFAOptions, Text, UserMFASettingList, Username } from '../shapes.ts'

export default operation('GetUser', {
  doc: 'Shows the signed-in user, with the attributes that their client may read.',
  access: accessToken,
  input: struct({ AccessToken: required(AccessToken) }),
  output: struct({
    Username: required(Username),
    UserAttributes: required(AttributeList),
    MFAOptions,
    PreferredMfaSetting: Text,
    UserMFASettingList,
  }),
  faults: ['UserNotConfirmed', 'PasswordResetRequired'],
  async run({ pool, user, clientId, store }) {
    mustBeConfirmed(user)
    const client = await store.clients.find(pool.id, clientId as ClientId)
    return {
      Username: user.username,
      UserAttributes: shownAttributes(user).filter(({ Name }) => client && canRead(client.settings, Name)),
      ...shownMfa(user.mfa),
    }
  },
})
