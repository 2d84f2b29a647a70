import { type Challenge, usableFactors } from '../domain/challenge.ts'
import { Fault } from '../domain/faults.ts'
import { firstFactors, pretendedFactors } from '../domain/first-factors.ts'
import { levelOf, type Method } from '../domain/method.ts'
import { mustOffer } from '../domain/pool-tier.ts'
import { isServedIn } from '../domain/replica.ts'
import type { Progress } from '../domain/session.ts'
import { levelsNamed, type Means, towards } from '../domain/step-up.ts'
import { seconds } from '../lib/instant.ts'
import { firstFactorFacts } from './first-factors.ts'
import { mfaFacts } from './mfa.ts'
import type { Parameters, SignIn, Subject } from './step.ts'
import { verifyAccessToken } from './tokens.ts'

/**
 * What a sign-in by choice begins with that asks for a level: the first of the levels that this user can reach, and credit for
 * what an access token shows.
 * @throws Fault InvalidParameter, FeatureUnavailableInTier, and what verifyAccessToken throws
 */
export async function stepUpIn(
  signIn: SignIn,
  subject: Subject,
  { TARGET_ACR_VALUES, MAX_AGE, ACCESS_TOKEN }: Parameters,
): Promise<Pick<Progress, 'target' | 'methods' | 'credited'> | undefined> {
  const { pool } = signIn
  if (TARGET_ACR_VALUES === undefined) {
    if (ACCESS_TOKEN !== undefined)
      throw new Fault('InvalidParameter', 'ACCESS_TOKEN cannot be used without TARGET_ACR_VALUES.')
    return undefined
  }
  mustOffer(pool.settings.UserPoolTier, 'Step-Up Authentication', 'ESSENTIALS')
  const levels = levelsNamed(pool, TARGET_ACR_VALUES)
  const methods = await creditOf(signIn, subject, ACCESS_TOKEN, maxAge(MAX_AGE))
  const standing = { methods, credited: methods.length > 0 }
  const means = await meansOf(signIn, subject)
  for (const target of levels) {
    if (levelOf(methods) >= target)
      throw new Fault('InvalidParameter', 'The access token has the requested authentication level already.')
    if (towards(target, means, standing).length > 0) return { target, ...standing }
  }
  throw new Fault('InvalidParameter', 'The user cannot reach any of the requested ACR values.')
}

function maxAge(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[0-9]{1,9}$/.test(text))
    throw new Fault('InvalidParameter', 'MAX_AGE must be a whole number of seconds.')
  return seconds(Number(text))
}

/** What the session of an access token has proven, unless that is too long ago. */
async function creditOf(
  { app, pool, now }: SignIn,
  { user }: Subject,
  token: string | undefined,
  maxAge: number | undefined,
): Promise<readonly Method[]> {
  if (token === undefined) return []
  const bearer = await verifyAccessToken(app, token, now, pool.region)
  if (bearer.pool.id !== pool.id || bearer.user.username !== user?.username)
    throw new Fault('InvalidParameter', 'The access token was issued for another user.')
  const session =
    bearer.sessionId === undefined ? undefined : await app.store.tokenSessions.find(pool.id, bearer.sessionId)
  if (session === undefined) return []
  const tooOld = maxAge !== undefined && now - session.authTime > maxAge
  return tooOld ? [] : session.methods
}

/** The challenges from which a sign-in that steps up can reach its level. */
export async function challengesTowards(
  signIn: SignIn,
  subject: Subject,
  { target, methods, credited = false }: Progress,
): Promise<Challenge[]> {
  return target === undefined ? [] : towards(target, await meansOf(signIn, subject), { methods, credited })
}

/** Whom nobody is, has what anybody in this pool might have. */
async function meansOf({ app, pool }: SignIn, { user }: Subject): Promise<Means> {
  if (user === undefined) return { first: pretendedFactors(pool), second: [] }
  const [first, second] = await Promise.all([firstFactorFacts(app, pool, user), mfaFacts(app, pool, user)])
  return {
    first: firstFactors(first),
    second: usableFactors(second).filter((factor) => isServedIn(pool, factor)),
  }
}
