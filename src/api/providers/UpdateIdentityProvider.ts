import { updateProvider } from '../../flows/identity-providers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnProvider } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import {
  IdentityProvider,
  ProviderDetails,
  ProviderName,
  requestIn,
  settings,
  shownProvider,
} from './shapes.ts'

export default operation('UpdateIdentityProvider', {
  doc: 'Replaces what the request names of an identity provider: the details, the mappings, the identifiers. The rest stays.',
  access: iamOnProvider,
  input: struct({
    UserPoolId: required(UserPoolId),
    ProviderName: required(ProviderName),
    ProviderDetails,
    ...settings,
  }),
  output: struct({ IdentityProvider: required(IdentityProvider) }),
  faults: ['InvalidParameter'],
  differs: 'That each member is replaced as a whole, and that one left out stays, is assumed.',
  async run({ pool, provider, input, now, ...app }) {
    const updated = await updateProvider(app, pool, provider, requestIn(input), now)
    return { IdentityProvider: shownProvider(app, updated) }
  },
})
