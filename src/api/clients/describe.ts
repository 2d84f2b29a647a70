import type { Client } from '../../domain/client.ts'
import { clientSecrets } from '../../flows/client-secrets.ts'
import type { App } from '../../ports/app.ts'
import type { Output } from '../../protocol/shape.ts'
import type { UserPoolClient } from './shapes.ts'

/** An app client as the service shows it. A client's secret is shown to whoever may describe the client. */
export function describeClient(app: App, client: Client): Output<typeof UserPoolClient> {
  const [secret] = clientSecrets(app, client)
  return {
    ...client.settings,
    UserPoolId: client.poolId,
    ClientId: client.id,
    ClientSecret: secret?.reveal(),
    CreationDate: client.createdAt,
    LastModifiedDate: client.modifiedAt,
  }
}
