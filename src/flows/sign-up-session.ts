import { allows, lifetimes } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import type { Method } from '../domain/method.ts'
import type { AuthSession } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import { Secret } from '../lib/secret.ts'
import { digestOf } from './digest.ts'
import type { ClientCall } from './named-user.ts'
import { findSession, newSessionText } from './session-text.ts'

/**
 * The session that SignUp hands to ConfirmSignUp, and ConfirmSignUp to a sign-in that asks for nothing more. Clients that
 * do not sign in by choice are given none: observed in aws-sdk-js-v3#6724.
 */
export interface HandedSession {
  readonly row: AuthSession
  readonly text: Secret
}

type Stage = 'SIGN_UP' | 'SIGNED_UP'

export function newSignUpSession(
  call: ClientCall,
  user: User,
  name: string,
  stage: Stage,
  methods: readonly Method[],
): HandedSession | undefined {
  const { app, pool, client, now } = call
  if (!allows(client.settings, 'ALLOW_USER_AUTH')) return undefined
  const text = newSessionText(app, pool.id)
  const row: AuthSession = {
    poolId: pool.id,
    digest: digestOf(text),
    clientId: client.id,
    username: user.username,
    name,
    challenge: stage,
    startedAt: now,
    expiresAt: now + lifetimes(client.settings).session,
    attempts: 0,
    progress: { flow: 'choice', methods },
    question: {},
  }
  return { row, text: new Secret(text) }
}

/** @throws Fault InvalidSession, SessionExpired */
export async function findSignUpSession(
  { app, pool, client, now }: ClientCall,
  text: string,
  stage: Stage,
): Promise<AuthSession> {
  const session = await findSession(app, pool.id, text)
  if (session.challenge !== stage || session.clientId !== client.id) throw new Fault('InvalidSession')
  if (now >= session.expiresAt) throw new Fault('SessionExpired')
  return session
}
