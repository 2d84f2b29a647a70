import { createHmac } from 'node:crypto'
import { Secret } from '../lib/secret.ts'
import { Fault } from './faults.ts'

/** Base64(HMAC-SHA-256(client secret, username + client id)) over the username exactly as it was sent. */
export function secretHash(clientSecret: Secret, username: string, clientId: string): Secret {
  const mac = createHmac('sha256', clientSecret.reveal())
  return new Secret(mac.update(username + clientId, 'utf8').digest('base64'))
}

/**
 * A client with secrets demands a hash made with one of them; a client without one accepts none.
 * @throws Fault SecretHashMissing, SecretHashWrong
 */
export function checkSecretHash(
  clientSecrets: readonly Secret[],
  clientId: string,
  username: string,
  given: string | undefined,
): void {
  if (given === undefined) {
    if (clientSecrets.length > 0) throw new Fault('SecretHashMissing', clientId)
    return
  }
  // Every secret is tried, so that the time does not tell which one matched.
  const matches = clientSecrets.map((secret) => secretHash(secret, username, clientId).matches(given))
  if (!matches.includes(true)) throw new Fault('SecretHashWrong', clientId)
}
