import { type Client, hidesUsers } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import type { Pool } from '../domain/pool.ts'
import type { EventRisk } from '../domain/risk.ts'
import { checkSecretHash } from '../domain/secret-hash.ts'
import type { User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import type { Source, WithinCall } from '../ports/app.ts'
import { clientSecrets } from './client-secrets.ts'
import { findUser } from './find-user.ts'

/** A call that names an app client and a user, and proves no more than the client's secret. */
export interface ClientCall {
  readonly app: WithinCall
  readonly pool: Pool
  readonly client: Client
  readonly now: Instant
  /** `ClientMetadata`, for triggers. */
  readonly metadata: Readonly<Record<string, string>> | undefined
  /** Where it comes from. */
  readonly source: Source
  /** Is told what threat protection finds. */
  readonly assessed?: (risk: EventRisk) => void
}

/** Whom such a call names, and the hash of it. */
export interface Named {
  readonly name: string
  readonly secretHash: string | undefined
}

/** @throws Fault SecretHashMissing, SecretHashWrong */
export function mustProveClient({ app, client }: ClientCall, { name, secretHash }: Named): void {
  checkSecretHash(clientSecrets(app, client), client.id, name, secretHash)
}

/**
 * The user of that name. A client that hides who exists is given nobody for a disabled user as for a name that nobody
 * has, and answers both as it answers the others. `absent` may still bring somebody forth.
 * @throws Fault UserNotFoundByClient, UserDisabled
 */
export async function namedUser(
  { app, pool, client }: ClientCall,
  name: string,
  absent: () => Promise<User | undefined> = async () => undefined,
): Promise<User | undefined> {
  const user = (await findUser(app.store, pool, name)) ?? (await absent())
  if (user !== undefined) app.about?.(user)
  if (user?.enabled) return user
  if (hidesUsers(client.settings)) return undefined
  throw new Fault(user === undefined ? 'UserNotFoundByClient' : 'UserDisabled')
}
