import { type Challenge, decideMfa, type MfaDecision } from '../domain/challenge.ts'
import { Fault } from '../domain/faults.ts'
import type { Progress } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import { decideCustom } from './challenges/custom.ts'
import type { Next, Parameters, SignIn, Subject } from './step.ts'

const done: Next = { kind: 'done' }
const challenge = (challenge: Challenge, input: Parameters = {}): Next => ({
  kind: 'challenge',
  challenge,
  input,
})

/**
 * What follows what has been proven: in custom sign-in what the trigger says; otherwise a new password, a second
 * factor, the device, and then the end.
 */
export async function decideNext(
  signIn: SignIn,
  subject: Subject,
  progress: Progress,
  responses: Parameters,
): Promise<Next> {
  if (progress.flow === 'custom') {
    const next = await decideCustom(signIn, subject, progress, responses)
    if (next.kind === 'challenge') return next
  }
  const { user } = subject
  if (user === undefined) throw new Fault('IncorrectCredentials')
  if (user.status === 'FORCE_CHANGE_PASSWORD' && progress.methods.includes('pwd'))
    return challenge('NEW_PASSWORD_REQUIRED')
  const second = await secondFactor(signIn, user, progress)
  if (second !== undefined) return second
  return (await deviceChallenge(signIn, user, progress)) ?? done
}

async function secondFactor(signIn: SignIn, user: User, progress: Progress): Promise<Next | undefined> {
  const { app, pool } = signIn
  // A second factor follows a password; a code or a passkey that came first was offered only where it is enough.
  const [first, another] = progress.methods
  if (first !== 'pwd' || another !== undefined || progress.factorSetUp || progress.flow === 'custom')
    return undefined
  const device = await rememberedDevice(signIn, user, progress)
  const decision = decideMfa({
    settings: pool.settings,
    factors: pool.mfa,
    preferences: user.mfa,
    attributes: user.attributes,
    softwareToken: (await app.store.softwareTokens.find(pool.id, user.username)) !== undefined,
    rememberedDevice: device,
    demanded: false,
  })
  return follow(decision)
}

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

async function rememberedDevice(
  { app, pool }: SignIn,
  user: User,
  { deviceKey }: Progress,
): Promise<boolean> {
  if (deviceKey === undefined || pool.settings.DeviceConfiguration === undefined) return false
  const device = await app.store.devices.find(pool.id, user.username, deviceKey)
  return device?.verifier !== undefined && device.remembered
}

/** A device that was presented proves its secret last, whatever came before. */
async function deviceChallenge(
  { app, pool }: SignIn,
  user: User,
  progress: Progress,
): Promise<Next | undefined> {
  const { deviceKey, deviceProven } = progress
  if (deviceKey === undefined || deviceProven || pool.settings.DeviceConfiguration === undefined)
    return undefined
  const device = await app.store.devices.find(pool.id, user.username, deviceKey)
  return device?.verifier === undefined ? undefined : challenge('DEVICE_SRP_AUTH')
}
