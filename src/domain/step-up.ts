import { acrLevels } from './acr.ts'
import type { Challenge } from './challenge.ts'
import { Fault } from './faults.ts'
import { type Level, levelOf, type Method } from './method.ts'
import type { Pool } from './pool.ts'

/**
 * Step-up: a sign-in that must reach a level, perhaps with credit for what an access token shows was done before. It never
 * sets a factor up: who has none that leads there is refused. Source: AWS's comment on AuthParameters, and the
 * developer guide, "Step-up authentication with the USER_AUTH flow"; the texts of the refusals are ours.
 */

/** The levels that TARGET_ACR_VALUES asks for, in its order. What is no level's name is passed over. */
export function levelsNamed({ settings }: Pool, values: string): Level[] {
  const own = Object.entries(acrLevels(settings.AcrConfiguration))
  const levels = values.split(' ').flatMap((value) => {
    const named = own.find(([, { AcrValue }]) => AcrValue === value)
    return named ? [Number(named[0].slice('Level'.length)) as Level] : []
  })
  if (levels.length === 0)
    throw new Fault('InvalidParameter', 'None of the requested ACR values is valid for the user pool.')
  return levels
}

/** With what somebody can prove who they are: first, and after a password. */
export interface Means {
  readonly first: readonly Challenge[]
  readonly second: readonly Challenge[]
}

/** Challenges by what a right answer to them adds. */
const adds: Partial<Record<Challenge, Method>> = {
  PASSWORD: 'pwd',
  PASSWORD_SRP: 'pwd',
  EMAIL_OTP: 'email_otp',
  SMS_OTP: 'sms',
  SMS_MFA: 'sms',
  SOFTWARE_TOKEN_MFA: 'otp',
  WEB_AUTHN: 'hwk',
}

/** How far a sign-in that steps up has come. */
export interface StepUp {
  readonly methods: readonly Method[]
  /** Some of the methods were proven before, and are shown by an access token. */
  readonly credited: boolean
}

/** The challenges from which the level can be reached, none of them a detour; none where there is no way. */
export function towards(target: Level, means: Means, standing: StepUp): Challenge[] {
  const ways = waysTo(target, means, standing)
  const isWay = (path: readonly Challenge[]) =>
    ways.some((way) => way.every((challenge, index) => challenge === path[index]))
  return possible(means, standing).filter((challenge) =>
    ways.some(([first, ...rest]) => first === challenge && !isWay(rest)),
  )
}

/** Every order of challenges that ends as soon as the level is reached. A method comes once, so there are few. */
function waysTo(target: Level, means: Means, standing: StepUp): Challenge[][] {
  if (levelOf(standing.methods) >= target) return [[]]
  return possible(means, standing).flatMap((challenge) =>
    waysTo(target, means, after(standing, challenge)).map((way) => [challenge, ...way]),
  )
}

/** A password is followed by a second factor; what was proven before, by any factor that is another. */
function possible({ first, second }: Means, { methods, credited }: StepUp): readonly Challenge[] {
  if (methods.length === 0) return first
  const primary = credited ? first.filter((challenge) => !isCode(challenge)) : []
  const candidates = methods.includes('pwd') ? [...primary, ...second] : primary
  return candidates.filter((challenge) => !has(methods, adds[challenge]))
}

const isCode = (challenge: Challenge) => challenge === 'EMAIL_OTP' || challenge === 'SMS_OTP'

/** A passkey is one method, wherever it is kept. */
function has(methods: readonly Method[], method: Method | undefined): boolean {
  return methods.some((one) => one === method || (one === 'swk' && method === 'hwk'))
}

function after({ methods, credited }: StepUp, challenge: Challenge): StepUp {
  const added = adds[challenge]
  return { methods: added === undefined ? methods : [...methods, added], credited }
}
