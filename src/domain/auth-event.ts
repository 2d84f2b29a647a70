import { days, type Instant } from '../lib/instant.ts'
import type { Challenge } from './challenge.ts'
import { Fault, type FaultCode } from './faults.ts'
import type { Username, UserPoolId } from './ids.ts'
import type { Pool } from './pool.ts'
import { combined, type EventRisk, type Place } from './risk.ts'

export type AuthEventType = 'SignIn' | 'SignUp' | 'ForgotPassword' | 'PasswordChange' | 'ResendCode'

/** What happened when a user signed in, signed up or recovered an account, as AdminListUserAuthEvents shows it. */
export interface AuthEvent {
  readonly poolId: UserPoolId
  /** The user; or what stands for a name that nobody has. */
  readonly username: Username
  /** The `event_id` of the tokens that a sign-in led to. */
  readonly id: string
  readonly type: AuthEventType
  readonly at: Instant
  /** When it is forgotten. */
  readonly expiresAt: Instant
  readonly response: 'Pass' | 'Fail' | 'InProgress'
  readonly challenges: readonly ChallengeResult[]
  readonly context: Place
  /** The identity provider that said who it was. */
  readonly provider?: string
  /** Absent where nothing was looked for, or nothing found. */
  readonly risk?: EventRisk
  readonly feedback?: Feedback
}

export interface ChallengeResult {
  readonly name: 'Password' | 'Mfa'
  readonly response: 'Success' | 'Failure'
}

/** What somebody who knows says of an event. */
export interface Feedback {
  readonly value: 'Valid' | 'Invalid'
  readonly provider: 'Admin' | 'User'
  readonly at: Instant
}

/** Source: developer guide, "Viewing user event history". */
export const keptFor = days(2 * 365)

/** What nobody did is kept for a day, and shown to nobody: it is written so that the time to write tells nothing. */
export const keptForNobody = days(1)

/** Threat protection is on. Only then is anything recorded: addresses of people are not kept for years unasked. */
export const isProtected = ({ settings }: Pool): boolean =>
  (settings.UserPoolAddOns?.AdvancedSecurityMode ?? 'OFF') !== 'OFF'

/** Sign-ins that triggers define have a mode of their own. Source: AWS's comment on CustomAuthMode. */
export const isCustomProtected = (pool: Pool): boolean =>
  isProtected(pool) &&
  pool.settings.UserPoolAddOns?.AdvancedSecurityAdditionalFlows?.CustomAuthMode !== undefined

/** @throws Fault AddOnNotEnabled */
export function mustBeProtected(pool: Pool): void {
  if (!isProtected(pool)) throw new Fault('AddOnNotEnabled')
}

/**
 * An event after another of its calls. A sign-in that has passed stays so, whatever is replayed; a result that repeats
 * itself is listed once, so that a guesser makes the list no longer.
 */
export function continued(
  event: AuthEvent,
  response: AuthEvent['response'],
  results: readonly ChallengeResult[],
  found?: EventRisk,
): AuthEvent {
  if (event.response === 'Pass') return event
  const risk = found === undefined ? event.risk : combined(event.risk, found)
  const challenges = [...event.challenges, ...results].filter(
    (result, index, all) =>
      result.name !== all[index - 1]?.name || result.response !== all[index - 1]?.response,
  )
  return { ...event, response, challenges, ...(risk && { risk }) }
}

/**
 * Whether the user is known to have been there: they got in, or somebody who knows says that it was them. Asking for a
 * code shows nothing.
 */
export function isTrusted({ type, response, feedback }: AuthEvent): boolean {
  if (feedback !== undefined) return feedback.value === 'Valid'
  return response === 'Pass' && type !== 'ForgotPassword' && type !== 'ResendCode'
}

/** What an answer is in a record that knows passwords and everything else. */
const recordedAs: Record<Challenge, ChallengeResult['name'] | undefined> = {
  PASSWORD: 'Password',
  PASSWORD_VERIFIER: 'Password',
  ADMIN_NO_SRP_AUTH: 'Password',
  SMS_MFA: 'Mfa',
  EMAIL_OTP: 'Mfa',
  SOFTWARE_TOKEN_MFA: 'Mfa',
  SMS_OTP: 'Mfa',
  WEB_AUTHN: 'Mfa',
  PASSWORD_SRP: undefined,
  SELECT_CHALLENGE: undefined,
  SELECT_MFA_TYPE: undefined,
  MFA_SETUP: undefined,
  NEW_PASSWORD_REQUIRED: undefined,
  CUSTOM_CHALLENGE: undefined,
  DEVICE_SRP_AUTH: undefined,
  DEVICE_PASSWORD_VERIFIER: undefined,
}

/** Refusals that say that the answer was looked at, and wrong. */
const wrong: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'IncorrectCredentials',
  'WrongCode',
  'WrongAuthState',
  'SoftwareTokenUsed',
  'PasskeyRefused',
])

/** What the record says of an answer that was right, or that a fault refused. */
export function resultsOf(challenge: Challenge, refused: FaultCode | undefined): ChallengeResult[] {
  const name = recordedAs[challenge]
  if (name === undefined || (refused !== undefined && !wrong.has(refused))) return []
  return [{ name, response: refused === undefined ? 'Success' : 'Failure' }]
}
