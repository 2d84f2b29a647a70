import { Fault } from '../../domain/faults.ts'
import { poolNameOf, type Username } from '../../domain/ids.ts'
import { temporaryPasswordExpired } from '../../domain/password-policy.ts'
import type { Progress } from '../../domain/session.ts'
import { srpPasswordOf, type User } from '../../domain/user.ts'
import { numberFrom } from '../../lib/bytes.ts'
import { Secret } from '../../lib/secret.ts'
import { decoyOf } from '../decoy.ts'
import { withoutForgotten } from '../devices.ts'
import { countFailure, mustNotBeLocked, mustStillNotBeLocked } from '../lockout.ts'
import { isPassword, verifierFor, withVerifier } from '../passwords.ts'
import { isUnsafe } from '../risk.ts'
import { saveUser } from '../save-user.ts'
import {
  type Answer,
  type ChallengeRules,
  type Outcome,
  type Parameters,
  parameter,
  type Question,
  type SignIn,
  type Subject,
} from '../step.ts'
import { decoyVerifier, offer, openBlock, proves, readA, readClaim, spend } from './srp.ts'

/** A password, sent as it is: the PASSWORD challenge of choice-based sign-in. */
export const password: ChallengeRules = {
  begin: async () => ({ parameters: {} }),
  async judge({ signIn, subject, session, responses }) {
    const given = new Secret(parameter(responses, 'PASSWORD'))
    const user = await checkPassword(signIn, subject, given)
    await mustBeTheirsAlone(signIn, user, session.progress, given)
    const changed = await withVerifier(signIn.app, user, given)
    return {
      kind: 'proven',
      user,
      ...(changed && { changed }),
      method: 'pwd',
      along: (store) => mustStillNotBeLocked(signIn, subject, store),
    }
  },
}

/** A password, proven by SRP: asks for A, and goes on to PASSWORD_VERIFIER. */
export const passwordSrp: ChallengeRules = {
  begin: async () => ({ parameters: {} }),
  async judge({ responses }) {
    parameter(responses, 'SRP_A')
    return { kind: 'ask', challenge: 'PASSWORD_VERIFIER' }
  },
}

/** B and the salt for an A; the answer proves the password without showing it. */
export const passwordVerifier: ChallengeRules = {
  begin: beginSrp,
  judge: judgeSrp,
}

async function beginSrp(
  signIn: SignIn,
  subject: Subject,
  progress: Progress,
  input: Parameters,
): Promise<Question> {
  const A = readA(parameter(input, 'SRP_A'))
  const { user, name } = subject
  const decoy = decoyOf(signIn.app, signIn.pool, name)
  const userId = user?.username ?? decoy.userId
  const { B, block } = await offer(signIn, 'PASSWORD_VERIFIER', A, verifierOf(signIn, subject), {
    userId: userId as Username,
    name,
    progress: await withoutForgotten(signIn, user, progress),
  })
  return {
    parameters: {
      // A number in hexadecimal, as every client reads it.
      SALT: (srpPasswordOf(user)?.salt ?? decoy.salt).replace(/^0+(?=.)/, ''),
      SECRET_BLOCK: block,
      SRP_B: B,
      USERNAME: userId,
      USER_ID_FOR_SRP: userId,
    },
    stateless: true,
  }
}

async function judgeSrp({ signIn, subject, responses }: Answer): Promise<Outcome> {
  const { app, pool } = signIn
  const { user } = subject
  const claim = readClaim(responses)
  const state = openBlock(app, pool.id, 'PASSWORD_VERIFIER', claim.block)
  if (state === undefined) throw new Fault('IncorrectCredentials')
  mustBeAllowedIn(signIn, user)
  await mustNotBeLocked(signIn, subject)
  const claimant = {
    group: poolNameOf(pool.id),
    identity: state.facts.userId,
    verifier: verifierOf(signIn, subject),
  }
  const right = await proves(app, state, claimant, claim)
  return {
    kind: 'proven',
    user: await settle(signIn, subject, right && srpPasswordOf(user) !== undefined),
    method: 'pwd',
    async along(store) {
      await mustStillNotBeLocked(signIn, subject, store)
      await spend(store, pool.id, state)
    },
  }
}

function verifierOf({ app, pool }: SignIn, { user, name }: Subject): bigint {
  const stored = srpPasswordOf(user)
  return user && stored
    ? numberFrom(verifierFor(app, user, stored))
    : decoyVerifier(app, `${pool.id} ${name}`)
}

/**
 * The user whose password this is, in the service's order of checks: an unconfirmed user is told so whatever the
 * password; a client that hides who exists hears one answer for what is wrong.
 * @throws Fault
 */
async function checkPassword(signIn: SignIn, subject: Subject, given: Secret): Promise<User> {
  mustBeAllowedIn(signIn, subject.user)
  await mustNotBeLocked(signIn, subject)
  const right = await isPassword(signIn.app, signIn.pool, subject.user, given)
  return settle(signIn, subject, right)
}

/**
 * A right password that others know has had its day. One that is temporary is replaced anyway, and sign-ins that triggers
 * define are not looked at (developer guide, "Threat protection").
 * @throws Fault PasswordCompromised
 */
async function mustBeTheirsAlone(
  signIn: SignIn,
  user: User,
  { flow }: Progress,
  given: Secret,
): Promise<void> {
  if (flow === 'custom' || user.status === 'FORCE_CHANGE_PASSWORD' || !(await isUnsafe(signIn, given))) return
  const { app, pool, now } = signIn
  await saveUser(app.store, pool, user, { ...user, status: 'RESET_REQUIRED' }, now)
  throw new Fault('PasswordCompromised')
}

/** @throws Fault UserNotFound, UserDisabled, UserNotConfirmed */
export function mustBeAllowedIn({ client }: SignIn, user: User | undefined): void {
  const hides = client.settings.PreventUserExistenceErrors === 'ENABLED'
  if (user === undefined && !hides) throw new Fault('UserNotFound')
  if (user !== undefined && !user.enabled && !hides) throw new Fault('UserDisabled')
  if (user?.enabled && user.status === 'UNCONFIRMED') throw new Fault('UserNotConfirmed')
}

/** What a right or wrong password leads to. */
async function settle(signIn: SignIn, subject: Subject, right: boolean): Promise<User> {
  const { user } = subject
  const hides = signIn.client.settings.PreventUserExistenceErrors === 'ENABLED'
  if (user?.enabled && user.status === 'RESET_REQUIRED' && (!hides || right))
    throw new Fault('PasswordResetRequired')
  if (user === undefined || !user.enabled || !right) {
    await countFailure(signIn, subject)
    throw new Fault('IncorrectCredentials')
  }
  const policy = signIn.pool.settings.Policies.PasswordPolicy
  const setAt = user.password?.setAt ?? 0
  if (user.status === 'FORCE_CHANGE_PASSWORD' && temporaryPasswordExpired(setAt, policy, signIn.now)) {
    throw new Fault('TemporaryPasswordExpired')
  }
  return user
}
