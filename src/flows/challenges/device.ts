import { type ConfirmedDevice, isConfirmed } from '../../domain/device.ts'
import { Fault } from '../../domain/faults.ts'
import { numberFrom } from '../../lib/bytes.ts'
import { verifierOfDevice } from '../devices.ts'
import { type ChallengeRules, parameter, type SignIn, type Subject } from '../step.ts'
import { offer, openBlock, proves, readA, readClaim, spend } from './srp.ts'

/** A device that the user has confirmed proves its secret: first it shows A, then the claim. */
export const deviceSrpAuth: ChallengeRules = {
  begin: async () => ({ parameters: {} }),
  async judge({ session, responses }) {
    parameter(responses, 'SRP_A')
    if (parameter(responses, 'DEVICE_KEY') !== session.progress.deviceKey) throw new Fault('DeviceNotFound')
    return { kind: 'ask', challenge: 'DEVICE_PASSWORD_VERIFIER' }
  },
}

export const devicePasswordVerifier: ChallengeRules = {
  async begin(signIn, subject, progress, input) {
    const A = readA(parameter(input, 'SRP_A'))
    const device = await deviceOf(signIn, subject, progress.deviceKey)
    const { B, block } = await offer(
      signIn,
      'DEVICE_PASSWORD_VERIFIER',
      A,
      numberFrom(verifierOfDevice(signIn.app, device)),
      { userId: device.username, name: subject.name, progress },
    )
    return {
      parameters: {
        SALT: device.verifier.salt,
        SRP_B: B,
        SECRET_BLOCK: block,
        DEVICE_KEY: device.key,
        USERNAME: device.username,
      },
      stateless: true,
    }
  },

  async judge({ signIn, subject, session, responses }) {
    const { app, pool, now, source } = signIn
    const { user } = subject
    const claim = readClaim(responses)
    const state = openBlock(app, pool.id, 'DEVICE_PASSWORD_VERIFIER', claim.block)
    if (parameter(responses, 'DEVICE_KEY') !== session.progress.deviceKey) throw new Fault('DeviceNotFound')
    const device = await deviceOf(signIn, subject, session.progress.deviceKey)
    if (user === undefined || state === undefined) throw new Fault('IncorrectCredentials')
    const verifier = numberFrom(verifierOfDevice(app, device))
    const claimant = { group: device.groupKey, identity: device.key, verifier }
    if (!(await proves(app, state, claimant, claim))) throw new Fault('IncorrectCredentials')
    return {
      kind: 'proven',
      user,
      progress: { deviceProven: true },
      async along(store) {
        await spend(store, pool.id, state)
        const used = { ...device, authenticatedAt: now, lastIp: source.address }
        if (!(await store.devices.save(used))) throw new Fault('DeviceNotFound')
      },
    }
  },
}

/** @throws Fault DeviceNotFound when it was forgotten since it was asked for */
async function deviceOf(
  { app, pool }: SignIn,
  { user }: Subject,
  deviceKey: string | undefined,
): Promise<ConfirmedDevice> {
  const device = user && deviceKey && (await app.store.devices.find(pool.id, user.username, deviceKey))
  if (!device || !isConfirmed(device)) throw new Fault('DeviceNotFound')
  return device
}
