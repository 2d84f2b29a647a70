import { type Challenge, decideMfa, type MfaDecision } from '../domain/challenge.ts'
import { type Device, isConfirmed } from '../domain/device.ts'
import { Fault } from '../domain/faults.ts'
import { levelOf } from '../domain/method.ts'
import type { Progress } from '../domain/session.ts'
import { allFactors, type User } from '../domain/user.ts'
import { decideCustom } from './challenges/custom.ts'
import { presentedDevice } from './devices.ts'
import { mfaFacts } from './mfa.ts'
import { type Rated, rate } from './risk.ts'
import type { Next, Parameters, SignIn, Subject } from './step.ts'
import { challengesTowards } from './step-up.ts'

const done: Next = { kind: 'done' }
type Asked = Next & { readonly kind: 'challenge' }
const challenge = (challenge: Challenge, input: Parameters = {}): Asked => ({
  kind: 'challenge',
  challenge,
  input,
})

/**
 * What follows what has been proven: in custom sign-in what the trigger says; otherwise, once threat protection has looked
 * at it, a new password, what a step-up still lacks, a second factor, the device, and then the end. A trigger that wants
 * tokens issued does not hear of the device that comes after: AWS's own functions for such a sign-in fail whatever follows
 * their last challenge (amplify-flutter, infra/lib/auth, and its end-to-end tests with remembered devices).
 */
export async function decideNext(
  signIn: SignIn,
  subject: Subject,
  progress: Progress,
  responses: Parameters,
): Promise<Rated & { readonly next: Next }> {
  const undecided = progress.flow === 'custom' && !progress.promised
  if (undecided) {
    const next = await decideCustom(signIn, subject, progress, responses)
    if (next.kind === 'challenge') return { progress, next }
  }
  const { user } = subject
  if (!user?.enabled) throw new Fault('IncorrectCredentials')
  const rated = await rate(signIn, user, undecided ? { ...progress, promised: true } : progress)
  return { ...rated, next: await following(signIn, subject, user, rated.progress) }
}

async function following(signIn: SignIn, subject: Subject, user: User, progress: Progress): Promise<Next> {
  if (user.status === 'FORCE_CHANGE_PASSWORD' && progress.methods.includes('pwd'))
    return challenge('NEW_PASSWORD_REQUIRED')
  if (progress.target !== undefined && levelOf(progress.methods) < progress.target)
    return selection(await challengesTowards(signIn, subject, progress))
  const device = await presentedDevice(signIn, user, progress)
  const second = await secondFactor(signIn, user, progress, device)
  if (second !== undefined) return second
  // A device that was presented proves its secret last, whatever came before.
  return isConfirmed(device) && !progress.deviceProven ? challenge('DEVICE_SRP_AUTH') : done
}

async function secondFactor(
  { app, pool }: SignIn,
  user: User,
  progress: Progress,
  device: Device | undefined,
): Promise<Next | undefined> {
  // A passkey that came first was offered only where it is enough. A code was, too; but one that has confirmed a sign-up
  // stands for no second factor.
  const [first, another] = progress.methods
  const enough = first === 'swk' || first === 'hwk' || another !== undefined || progress.factorSetUp
  if (enough || progress.flow === 'custom') return undefined
  const remembered = isConfirmed(device) && device.remembered
  return follow(decideMfa(await mfaFacts(app, pool, user, remembered, progress.rated?.demand)))
}

/** Several challenges that lead on: the user chooses. */
export function selection(available: readonly Challenge[]): Asked {
  const [only, another] = available
  if (only !== undefined && another === undefined) return challenge(only)
  return available.every(isFactor)
    ? challenge('SELECT_MFA_TYPE', { MFAS_CAN_CHOOSE: JSON.stringify(available) })
    : challenge('SELECT_CHALLENGE', { available: JSON.stringify(available) })
}

const isFactor = (challenge: Challenge) => allFactors.some((factor) => factor === challenge)

function follow(decision: MfaDecision): Next | undefined {
  switch (decision.kind) {
    case 'tokens':
    case 'device':
      return undefined
    case 'challenge':
      return challenge(decision.factor)
    case 'select':
      return challenge('SELECT_MFA_TYPE', { MFAS_CAN_CHOOSE: JSON.stringify(decision.factors) })
    case 'setup':
      return challenge('MFA_SETUP', { MFAS_CAN_SETUP: JSON.stringify(decision.factors) })
    case 'impossible':
      throw new Fault('NoUsableFactor')
  }
}
