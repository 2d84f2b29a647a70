import type { Client } from '../domain/client.ts'
import { Secret } from '../lib/secret.ts'
import type { App } from '../ports/app.ts'

/** A client's secrets, opened; either one verifies while there are two. */
export function clientSecrets(app: App, client: Client): Secret[] {
  return client.secrets.map(({ id, sealed }) => {
    const bytes = app.vault.open(sealed, sealContext(client.poolId, id))
    return new Secret(Buffer.from(bytes).toString('utf8'))
  })
}

export function sealClientSecret(app: App, poolId: string, id: string, secret: Secret): string {
  return app.vault.seal(Buffer.from(secret.reveal(), 'utf8'), sealContext(poolId, id))
}

const sealContext = (poolId: string, id: string) => `client secret ${poolId} ${id}`
