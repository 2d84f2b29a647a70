import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnProvider } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { IdentityProvider, ProviderName, shownProvider } from './shapes.ts'

export default operation('DescribeIdentityProvider', {
  doc: 'Shows an identity provider, with its client secret but not the private key of Sign in with Apple.',
  access: iamOnProvider,
  input: struct({ UserPoolId: required(UserPoolId), ProviderName: required(ProviderName) }),
  output: struct({ IdentityProvider: required(IdentityProvider) }),
  faults: [],
  differs: 'The text for a provider that is not there is assumed.',
  run: async ({ provider, input: _, pool: __, ...app }) => ({
    IdentityProvider: shownProvider(app, provider),
  }),
})
