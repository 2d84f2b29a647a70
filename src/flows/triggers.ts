import { Fault } from '../domain/faults.ts'
import type { LambdaConfig, Pool } from '../domain/pool.ts'
import type { CustomResult } from '../domain/session.ts'
import type { SignIn, Subject } from './step.ts'

/**
 * Triggers are not run by this version. A pool that relies on one must not be served as if it had said yes, so every
 * flow names the triggers it would run and stops where one is configured.
 * @throws Fault TriggerUnavailable
 */
export function stopAtTriggers(pool: Pool, ...triggers: readonly (keyof LambdaConfig)[]): void {
  const configured = triggers.find((trigger) => pool.settings.LambdaConfig[trigger] !== undefined)
  if (configured !== undefined) throw new Fault('TriggerUnavailable', configured)
}

/** What CreateAuthChallenge makes: shown, kept, and said of the challenge. */
export interface MadeChallenge {
  readonly public: Readonly<Record<string, string>>
  readonly private: Readonly<Record<string, string>>
  readonly metadata?: string
}

export interface DefinedChallenge {
  readonly challengeName?: string
  readonly issueTokens: boolean
  readonly failAuthentication: boolean
}

export async function defineAuthChallenge(
  { pool }: SignIn,
  _: Subject,
  __: readonly CustomResult[],
): Promise<DefinedChallenge> {
  return refuse(pool, 'DefineAuthChallenge')
}

export async function createAuthChallenge(
  { pool }: SignIn,
  _: Subject,
  __: string,
  ___: readonly CustomResult[],
): Promise<MadeChallenge> {
  return refuse(pool, 'CreateAuthChallenge')
}

export async function verifyAuthChallenge(
  { pool }: SignIn,
  _: Subject,
  __: Readonly<Record<string, string>>,
  ___: string,
): Promise<boolean> {
  return refuse(pool, 'VerifyAuthChallengeResponse')
}

function refuse(pool: Pool, trigger: keyof LambdaConfig): never {
  stopAtTriggers(pool, trigger)
  throw new Fault('InvalidParameter', 'Custom auth lambda trigger is not configured for the user pool.')
}
