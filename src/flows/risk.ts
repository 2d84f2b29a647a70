import { decideMfa, type MfaDemand } from '../domain/challenge.ts'
import { Fault, type FaultCode } from '../domain/faults.ts'
import type { ClientId } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import { assessRisk, type RiskLevel } from '../domain/risk.ts'
import {
  isBlocked,
  isSkipped,
  modeOf,
  type PasswordEvent,
  passwordRule,
  type RiskSettings,
  type TakeoverAction,
  takeoverAction,
} from '../domain/risk-configuration.ts'
import { noticeOf, riskNotice } from '../domain/risk-notice.ts'
import type { Progress } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import type { Secret } from '../lib/secret.ts'
import type { App } from '../ports/app.ts'
import type { Tables } from '../ports/store.ts'
import { feedbackLink, feedbackTokenFor, type Occasion, placeOf } from './auth-events.ts'
import { postNotice } from './messages.ts'
import { mfaFacts } from './mfa.ts'
import type { SignIn } from './step.ts'

/**
 * Threat protection: it looks at where a call comes from, at passwords that it is given, and at how likely a sign-in is not
 * its user's. What it finds goes into the record of events; where the pool enforces it, it acts on it.
 */

/** How many events tell where a user has been, and how many what was tried of late. */
const remembered = 20

/** A client's own configuration stands in place of its pool's. */
async function settingsFor(app: App, pool: Pool, clientId: ClientId): Promise<RiskSettings> {
  return (await app.store.riskConfigurations.inForce(pool.id, clientId))?.settings ?? {}
}

/** @throws Fault AddressBlocked: nobody from there signs up, signs in or recovers an account */
export async function mustNotBeBlocked(call: Occasion): Promise<void> {
  const { app, pool, client, source } = call
  if (modeOf(pool) !== 'ENFORCED') return
  if (!isBlocked(await settingsFor(app, pool, client.id), source.address)) return
  call.assessed?.({ decision: 'Block', compromised: false })
  throw new Fault('AddressBlocked')
}

/** Whether a password that others know is refused here; that it is one of those is put on record in any case. */
async function refuses(
  { app, pool, client, assessed }: Occasion,
  event: PasswordEvent,
  password: Secret,
): Promise<boolean> {
  const mode = modeOf(pool)
  if (mode === 'OFF') return false
  const { looks, blocks } = passwordRule(await settingsFor(app, pool, client.id), event)
  if (!looks || !(await app.compromised.has(password))) return false
  const refused = mode === 'ENFORCED' && blocks
  assessed?.({ decision: refused ? 'Block' : 'NoRisk', compromised: true })
  return refused
}

/** Of a password that somebody wants to have. @throws Fault InsecurePassword */
export async function mustBeSafe(
  call: Occasion,
  event: 'SIGN_UP' | 'PASSWORD_CHANGE',
  password: Secret,
): Promise<void> {
  if (await refuses(call, event, password)) throw new Fault('InsecurePassword')
}

/** Of a password that was right. */
export const isUnsafe = (signIn: SignIn, password: Secret): Promise<boolean> =>
  refuses(signIn, 'SIGN_IN', password)

/** A sign-in that was looked at, and what is written along with what follows. */
export interface Rated {
  readonly progress: Progress
  readonly notice?: (store: Tables) => Promise<void>
}

/**
 * Looks at a sign-in once, when its first factor was right. A wrong one is refused whatever the risk, so that risk tells
 * nothing to whoever guesses.
 * @throws Fault RiskTooHigh; NoUsableFactor where a second factor is demanded of a user who can have none
 */
export async function rate(signIn: SignIn, user: User, progress: Progress): Promise<Rated> {
  const { app, pool, client } = signIn
  const mode = modeOf(pool, progress.flow)
  if (mode === 'OFF' || progress.rated !== undefined) return { progress }
  const settings = mode === 'ENFORCED' ? await settingsFor(app, pool, client.id) : undefined
  const calm: Rated = { progress: { ...progress, rated: {} } }
  if (settings !== undefined && isSkipped(settings, signIn.source.address)) return calm
  const level = await levelOf(signIn, user, progress)
  if (level === undefined) return calm
  if (settings === undefined) {
    signIn.assessed?.({ decision: 'AccountTakeover', level, compromised: false })
    return calm
  }
  return act(signIn, user, progress, level, settings)
}

async function levelOf(signIn: SignIn, user: User, progress: Progress): Promise<RiskLevel | undefined> {
  const { app, pool, now } = signIn
  const { authEvents } = app.store
  const trusted = await authEvents.trusted(pool.id, user.username, remembered)
  const recent = await authEvents.page(pool.id, user.username, { limit: remembered })
  const others = recent.filter(({ id }) => id !== progress.eventId)
  return assessRisk({ place: placeOf(signIn.source), trusted, recent: others, now })
}

async function act(
  signIn: SignIn,
  user: User,
  progress: Progress,
  level: RiskLevel,
  settings: RiskSettings,
): Promise<Rated> {
  const action = takeoverAction(settings, level)
  const refusal = await refusalOf(signIn, user, action)
  signIn.assessed?.({ decision: refusal ? 'Block' : 'AccountTakeover', level, compromised: false })
  const shown: TakeoverAction['EventAction'] = refusal ? 'BLOCK' : action.EventAction
  const notice = action.Notify ? noticeFor(signIn, user, progress, settings, shown) : undefined
  if (refusal !== undefined) {
    if (notice !== undefined) await signIn.app.store.transaction(notice)
    signIn.app.outbox.kick()
    throw new Fault(refusal)
  }
  const demand = demandOf[action.EventAction]
  const rated: Progress = { ...progress, rated: demand === undefined ? {} : { demand } }
  return { progress: rated, ...(notice && { notice }) }
}

const demandOf: Record<TakeoverAction['EventAction'], MfaDemand | undefined> = {
  MFA_REQUIRED: 'required',
  MFA_IF_CONFIGURED: 'if configured',
  BLOCK: undefined,
  NO_ACTION: undefined,
}

async function refusalOf(
  { app, pool }: SignIn,
  user: User,
  { EventAction }: TakeoverAction,
): Promise<Extract<FaultCode, 'RiskTooHigh' | 'NoUsableFactor'> | undefined> {
  if (EventAction === 'BLOCK') return 'RiskTooHigh'
  if (EventAction !== 'MFA_REQUIRED') return undefined
  const decision = decideMfa({ ...(await mfaFacts(app, pool, user)), demand: 'required' })
  return decision.kind === 'impossible' ? 'NoUsableFactor' : undefined
}

/** The user has an address to be told at, verified or not. */
function noticeFor(
  signIn: SignIn,
  user: User,
  { eventId }: Progress,
  settings: RiskSettings,
  action: TakeoverAction['EventAction'],
): ((store: Tables) => Promise<void>) | undefined {
  const { app, pool, source, now } = signIn
  const { username } = user
  const { email } = user.attributes
  if (!email || eventId === undefined) return undefined
  const draft = riskNotice(settings.AccountTakeoverRiskConfiguration?.NotifyConfiguration, noticeOf[action], {
    username,
    at: now,
    place: placeOf(source),
    eventId,
    feedbackToken: feedbackTokenFor(app, pool.id, username, eventId),
    link: (value) => feedbackLink(app, pool.id, username, eventId, value),
  })
  return (store) => postNotice(signIn, store, user, draft, email)
}
