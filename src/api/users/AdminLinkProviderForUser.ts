import { linkProvider } from '../../flows/linking.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { ProviderUser } from '../providers/shapes.ts'
import { Nothing, Text } from '../shapes.ts'

export default operation('AdminLinkProviderForUser', {
  doc: 'Links an account at an identity provider, which has not signed in yet, to a user: it signs in as that user from then on.',
  access: iamOnPool,
  input: struct({
    UserPoolId: required(Text),
    DestinationUser: required(ProviderUser),
    SourceUser: required(ProviderUser),
  }),
  output: Nothing,
  faults: ['InvalidParameter', 'ProviderNotFound', 'UserNotFound', 'TooMany'],
  differs:
    'Texts for incomplete users, for a source that is another user’s and for a sixth identity are assumed. An attribute need not be mapped yet.',
  async run({ pool, input, store, now, about }) {
    const user = await linkProvider(store, pool, input.DestinationUser, input.SourceUser, now)
    about?.(user)
    return {}
  },
})
