import { deleteProvider } from '../../flows/identity-providers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnProvider } from '../access.ts'
import { Nothing, UserPoolId } from '../shapes.ts'
import { ProviderName } from './shapes.ts'

export default operation('DeleteIdentityProvider', {
  doc: 'Deletes an identity provider and takes it out of the lists of the app clients. Its users stay, and what they are linked to.',
  access: iamOnProvider,
  input: struct({ UserPoolId: required(UserPoolId), ProviderName: required(ProviderName) }),
  output: Nothing,
  faults: [],
  differs: 'What becomes of clients and of linked users is assumed.',
  async run({ provider, store, now }) {
    await deleteProvider(store, provider, now)
    return {}
  },
})
