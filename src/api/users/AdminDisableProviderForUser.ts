import { unlinkProvider } from '../../flows/linking.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { ProviderUser } from '../providers/shapes.ts'
import { Nothing, Text } from '../shapes.ts'

export default operation('AdminDisableProviderForUser', {
  doc: 'Takes a linked account at an identity provider from its user, or the password from a user of the pool.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(Text), User: required(ProviderUser) }),
  output: Nothing,
  faults: ['InvalidParameter', 'ProviderNotFound', 'UserNotFound'],
  differs:
    'That a user without a password has the status EXTERNAL_PROVIDER is assumed. The account that a profile was made for cannot be taken from it.',
  async run({ pool, input, store, now, about }) {
    const user = await unlinkProvider(store, pool, input.User, now)
    about?.(user)
    return {}
  },
})
