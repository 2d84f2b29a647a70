import { createProvider } from '../../flows/identity-providers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import {
  IdentityProvider,
  NewProviderName,
  ProviderDetails,
  ProviderType,
  requestIn,
  settings,
  shownProvider,
} from './shapes.ts'

export default operation('CreateIdentityProvider', {
  doc: 'Adds a SAML, OIDC or social identity provider to a pool, once its metadata or discovery document has been read.',
  access: iamOnPool,
  input: struct({
    UserPoolId: required(UserPoolId),
    ProviderName: required(NewProviderName),
    ProviderType: required(ProviderType),
    ProviderDetails: required(ProviderDetails),
    ...settings,
  }),
  output: struct({ IdentityProvider: required(IdentityProvider) }),
  faults: ['InvalidParameter', 'ProviderExists', 'TooMany'],
  differs:
    'What a provider says of itself is read now and at updates, not again in between. Details that no provider of the kind has are kept and shown. The claims of a social provider that a mapping may name are not checked.',
  async run({ pool, input, now, ...app }) {
    const provider = await createProvider(
      app,
      pool,
      input.ProviderName,
      input.ProviderType,
      requestIn(input),
      now,
    )
    return { IdentityProvider: shownProvider(app, provider) }
  },
})
