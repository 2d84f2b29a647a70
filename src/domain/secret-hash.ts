import { createHmac } from 'node:crypto'
import { Secret } from '../lib/secret.ts'
import { Fault } from './faults.ts'

/** Base64(HMAC-SHA-256(client secret, username + client id)) over the username exactly as it was sent. */
export function secretHash(clientSecret: Secret, username: string, clientId: string): Secret {
  const mac = createHmac('sha256', clientSecret.reveal())
  return new Secret(mac.update(username + clientId, 'utf8').digest('base64'))
}

/** @throws Fault SecretHashMissing when the client has secrets and no hash was sent */
export function mustSendHash(
  clientSecrets: readonly Secret[],
  clientId: string,
  given: string | undefined,
): void {
  if (clientSecrets.length > 0 && given === undefined) throw new Fault('SecretHashMissing', clientId)
}

/**
 * Whether the hash was made with one of the client's secrets over one of the names. A client without secrets sends no
 * hash, and none is right.
 */
export function isSecretHash(
  clientSecrets: readonly Secret[],
  clientId: string,
  usernames: readonly string[],
  given: string | undefined,
): boolean {
  if (given === undefined) return clientSecrets.length === 0
  // Everything is tried, so that the time does not tell which one matched.
  const matches = clientSecrets.flatMap((secret) =>
    usernames.map((username) => secretHash(secret, username, clientId).matches(given)),
  )
  return matches.includes(true)
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
  mustSendHash(clientSecrets, clientId, given)
  if (!isSecretHash(clientSecrets, clientId, [username], given)) throw new Fault('SecretHashWrong', clientId)
}
