import type { Client } from '../../domain/client.ts'
import { clientSettings } from '../../domain/client-settings.ts'
import { Fault } from '../../domain/faults.ts'
import { clientIdAlphabet, clientSecretAlphabet, type ClientId as Id, spell } from '../../domain/ids.ts'
import { mustHaveRoom } from '../../domain/quotas.ts'
import { sealClientSecret } from '../../flows/client-secrets.ts'
import { mustOfferProviders } from '../../flows/identity-providers.ts'
import { definedScopes } from '../../flows/resource-servers.ts'
import { Secret } from '../../lib/secret.ts'
import { operation } from '../../protocol/operation.ts'
import { boolean, required, struct } from '../../protocol/shape.ts'
import { iamOnPool } from '../access.ts'
import { UserPoolId } from '../shapes.ts'
import { describeClient } from './describe.ts'
import { ClientName, ClientSecret, settings, UserPoolClient } from './shapes.ts'

export default operation('CreateUserPoolClient', {
  doc: 'Creates an app client, with a secret when one is asked for or given.',
  access: iamOnPool,
  input: struct({
    UserPoolId: required(UserPoolId),
    ClientName: required(ClientName),
    GenerateSecret: boolean,
    ClientSecret,
    ...settings,
  }),
  output: struct({ UserPoolClient }),
  faults: ['InvalidParameter', 'FeatureUnavailableInTier', 'InvalidOAuthFlow', 'UnknownScope', 'TooMany'],
  differs: 'The text for too many clients is assumed.',
  async run({ pool, input, now, ...app }) {
    const { UserPoolId: _, GenerateSecret, ClientSecret: given, ...request } = input
    if (GenerateSecret && given !== undefined) {
      throw new Fault(
        'InvalidParameter',
        'You cannot specify both GenerateSecret as true and a ClientSecret value.',
      )
    }
    const customScopes = await definedScopes(app.store, pool, request.AllowedOAuthScopes ?? [])
    await mustOfferProviders(app.store, pool, request.SupportedIdentityProviders)
    const id = spell(clientIdAlphabet, 26, app.random.bytes) as Id
    const text = given ?? (GenerateSecret ? spell(clientSecretAlphabet, 52, app.random.bytes) : undefined)
    const secretId = `${id}--${now}`
    const client: Client = {
      poolId: pool.id,
      id,
      createdAt: now,
      modifiedAt: now,
      version: 1,
      secrets:
        text === undefined
          ? []
          : [
              {
                id: secretId,
                sealed: sealClientSecret(app, pool.id, secretId, new Secret(text)),
                createdAt: now,
              },
            ],
      settings: clientSettings(pool, request, text !== undefined, customScopes),
    }
    await app.store.transaction(async (store) => {
      mustHaveRoom('app clients in a user pool', await store.clients.hold(pool.id))
      await store.clients.create(client)
    })
    return { UserPoolClient: describeClient(app, client) }
  },
})
