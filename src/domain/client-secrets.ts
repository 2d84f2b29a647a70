import type { Instant } from '../lib/instant.ts'
import type { Client, ClientSecret } from './client.ts'
import { Fault } from './faults.ts'
import { mustHaveRoom } from './quotas.ts'

/** The id of the next secret: the client's id and the time, or the next free millisecond. */
export function nextSecretId({ id, secrets }: Client, now: Instant): string {
  const taken = new Set(secrets.map((secret) => secret.id))
  let at = now
  while (taken.has(`${id}--${at}`)) at += 1
  return `${id}--${at}`
}

/** @throws Fault InvalidParameter, TooMany */
export function mustTakeSecret({ secrets }: Client): void {
  if (secrets.length === 0)
    throw new Fault(
      'InvalidParameter',
      'The client was created without a client secret, and cannot have one.',
    )
  // One in use, and one that is to take its place.
  mustHaveRoom('client secrets', secrets.length)
}

/** @throws Fault ClientSecretNotFound, InvalidParameter */
export function withoutSecret(client: Client, id: string): readonly ClientSecret[] {
  const left = client.secrets.filter((secret) => secret.id !== id)
  if (left.length === client.secrets.length) throw new Fault('ClientSecretNotFound', id)
  if (left.length === 0) throw new Fault('InvalidParameter', 'The last client secret cannot be deleted.')
  return left
}
