import type { Client } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import { clientSecretAlphabet, spell } from '../domain/ids.ts'
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

export const newClientSecret = (app: App): Secret =>
  new Secret(spell(clientSecretAlphabet, 52, app.random.bytes))

/** Whether a secret that was sent as it is, is one of the client's. A client without secrets sends none. */
export function isClientSecret(app: App, client: Client, given: string | undefined): boolean {
  if (given === undefined) return client.secrets.length === 0
  // All are tried, so that the time does not tell which one matched.
  return clientSecrets(app, client)
    .map((secret) => secret.matches(given))
    .includes(true)
}

/** @throws Fault ClientSecretMissing, ClientSecretWrong */
export function mustBeClientSecret(app: App, client: Client, given: string | undefined): void {
  if (isClientSecret(app, client, given)) return
  throw new Fault(given === undefined ? 'ClientSecretMissing' : 'ClientSecretWrong', client.id)
}
