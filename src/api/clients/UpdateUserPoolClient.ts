import { clientSettings } from '../../domain/client-settings.ts'
import { mustOfferProviders } from '../../flows/identity-providers.ts'
import { definedScopes } from '../../flows/resource-servers.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { ClientId, UserPoolId } from '../shapes.ts'
import { describeClient } from './describe.ts'
import { ClientName, settings, UserPoolClient } from './shapes.ts'

export default operation('UpdateUserPoolClient', {
  doc: 'Replaces the settings of an app client: what the request leaves out returns to its default.',
  access: iamOnClient,
  input: struct({ UserPoolId: required(UserPoolId), ClientId: required(ClientId), ClientName, ...settings }),
  output: struct({ UserPoolClient }),
  faults: [
    'InvalidParameter',
    'FeatureUnavailableInTier',
    'InvalidOAuthFlow',
    'UnknownScope',
    'ConcurrentChange',
  ],
  async run({ pool, client, input, now, ...app }) {
    const { UserPoolId: _, ClientId: __, ClientName = client.settings.ClientName, ...request } = input
    // Rotation that is left out goes off, and is shown from then on (hashicorp/terraform-provider-aws#43531).
    const off = client.settings.RefreshTokenRotation && {
      RefreshTokenRotation: { Feature: 'DISABLED' as const },
    }
    await mustOfferProviders(app.store, pool, request.SupportedIdentityProviders)
    const settings = clientSettings(
      pool,
      { ...off, ...request, ClientName },
      client.secrets.length > 0,
      await definedScopes(app.store, pool, request.AllowedOAuthScopes ?? []),
    )
    const changed = { ...client, settings, modifiedAt: now }
    await app.store.clients.save(changed)
    return { UserPoolClient: describeClient(app, changed) }
  },
})
