import { Fault } from '../domain/faults.ts'
import type { UserPoolId } from '../domain/ids.ts'
import type { AuthSession } from '../domain/session.ts'
import type { App } from '../ports/app.ts'
import { digestOf } from './digest.ts'

/**
 * The `Session` string. To clients it is opaque; behind what cannot be guessed it names its pool, because
 * AssociateSoftwareToken and VerifySoftwareToken are given the string and nothing else.
 */

const secretBytes = 48

export function newSessionText(app: App, poolId: UserPoolId): string {
  return Buffer.concat([app.random.bytes(secretBytes), Buffer.from(poolId)]).toString('base64url')
}

/** @throws Fault InvalidParameter, InvalidSession */
export async function findSession(
  { store }: App,
  poolId: UserPoolId,
  text: string | undefined,
): Promise<AuthSession> {
  if (text === undefined) throw new Fault('InvalidParameter', 'Missing required parameter Session')
  const session = await store.authSessions.find(poolId, digestOf(text))
  if (session === undefined) throw new Fault('InvalidSession')
  return session
}

/** The pool that a string of ours names; that it is ours is proven by finding it there. */
export function poolOfSession(text: string): UserPoolId | undefined {
  const id = Buffer.from(text, 'base64url').subarray(secretBytes).toString('utf8')
  return /^[\w-]+_[0-9a-zA-Z]+$/.test(id) ? (id as UserPoolId) : undefined
}
