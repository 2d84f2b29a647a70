import { Fault } from '../../domain/faults.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { IdentityProvider, IdpIdentifier, shownProvider } from './shapes.ts'

export default operation('GetIdentityProviderByIdentifier', {
  doc: 'Shows the identity provider that one of its identifiers leads to.',
  access: iamOnPool,
  input: struct({ UserPoolId: required(UserPoolId), IdpIdentifier: required(IdpIdentifier) }),
  output: struct({ IdentityProvider: required(IdentityProvider) }),
  faults: ['IdentifierNotFound'],
  differs: 'The text for an identifier that leads nowhere is assumed.',
  async run({ pool, input, ...app }) {
    const provider = await app.store.identityProviders.findByIdentifier(pool.id, input.IdpIdentifier)
    if (provider === undefined) throw new Fault('IdentifierNotFound', input.IdpIdentifier)
    return { IdentityProvider: shownProvider(app, provider) }
  },
})
