import { lifetimes } from '../../domain/client.ts'
import { Fault } from '../../domain/faults.ts'
import type { Progress } from '../../domain/session.ts'
import { numberFrom } from '../../lib/bytes.ts'
import { type ChallengeRules, parameter } from '../step.ts'
import { offer, openBlock, proves, readA } from './srp.ts'

interface DeviceFacts {
  readonly clientId: string
  readonly userId: string
  readonly name: string
  readonly progress: Progress
  readonly deviceKey: string
}

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
  async begin({ app, pool, client, now }, { name, user }, progress, input) {
    const A = readA(parameter(input, 'SRP_A'))
    const { deviceKey = '' } = progress
    const device = user && (await app.store.devices.find(pool.id, user.username, deviceKey))
    if (user === undefined || device?.verifier === undefined) throw new Fault('DeviceNotFound')
    const verifier = numberFrom(app.vault.open(device.verifier.sealed, deviceContext(pool.id, deviceKey)))
    const { B, block } = await offer<DeviceFacts>(
      app,
      pool.id,
      A,
      verifier,
      now + lifetimes(client.settings).session,
      {
        clientId: client.id,
        userId: user.username,
        name,
        progress,
        deviceKey,
      },
    )
    return {
      parameters: {
        SALT: device.verifier.salt,
        SRP_B: B,
        SECRET_BLOCK: block,
        DEVICE_KEY: deviceKey,
        USERNAME: user.username,
      },
      stateless: true,
    }
  },

  async judge({ signIn, subject, responses }) {
    const { app, pool, now } = signIn
    const { user } = subject
    const deviceKey = parameter(responses, 'DEVICE_KEY')
    const block = parameter(responses, 'PASSWORD_CLAIM_SECRET_BLOCK')
    const signature = parameter(responses, 'PASSWORD_CLAIM_SIGNATURE')
    const timestamp = parameter(responses, 'TIMESTAMP')
    const state = openBlock<DeviceFacts>(app, pool.id, block)
    const device = user && (await app.store.devices.find(pool.id, user.username, deviceKey))
    if (user === undefined || device?.verifier === undefined || state?.facts.deviceKey !== deviceKey) {
      throw new Fault('IncorrectCredentials')
    }
    const verifier = numberFrom(app.vault.open(device.verifier.sealed, deviceContext(pool.id, deviceKey)))
    const claim = { group: device.groupKey, identity: deviceKey, signature, block, timestamp }
    if (!(await proves(app, state, verifier, claim))) throw new Fault('IncorrectCredentials')
    return {
      kind: 'proven',
      user,
      progress: { deviceProven: true },
      along: (store) => store.devices.save({ ...device, authenticatedAt: now }),
    }
  },
}

export const deviceContext = (poolId: string, deviceKey: string) => `device ${poolId} ${deviceKey}`
