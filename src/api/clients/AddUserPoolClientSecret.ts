import { mustTakeSecret, nextSecretId } from '../../domain/client-secrets.ts'
import { newClientSecret, sealClientSecret } from '../../flows/client-secrets.ts'
import { Secret } from '../../lib/secret.ts'
import { operation } from '../../protocol/operation.ts'
import { required, struct } from '../../protocol/shape.ts'
import { iamOnClient } from '../access.ts'
import { ClientId, UserPoolId } from '../shapes.ts'
import { ClientSecret, ClientSecretDescriptor } from './shapes.ts'

export default operation('AddUserPoolClientSecret', {
  doc: 'Gives an app client a second secret, to change to without an interruption: both are good.',
  access: iamOnClient,
  input: struct({ UserPoolId: required(UserPoolId), ClientId: required(ClientId), ClientSecret }),
  output: struct({ ClientSecretDescriptor }),
  faults: ['InvalidParameter', 'TooMany'],
  differs: 'The texts are assumed, and that a client without a secret cannot be given one.',
  async run({ pool, client, input, now, ...app }) {
    mustTakeSecret(client)
    const { ClientSecret: given } = input
    const secret = given === undefined ? newClientSecret(app) : new Secret(given)
    const id = nextSecretId(client, now)
    const added = { id, sealed: sealClientSecret(app, pool.id, id, secret), createdAt: now }
    await app.store.clients.save({ ...client, secrets: [...client.secrets, added], modifiedAt: now })
    return {
      ClientSecretDescriptor: {
        ClientSecretId: id,
        // Whoever chose the secret knows it.
        ClientSecretValue: given === undefined ? secret.reveal() : undefined,
        ClientSecretCreateDate: now,
      },
    }
  },
})
