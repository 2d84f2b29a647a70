import type { Device } from '../domain/device.ts'
import { regionOf } from '../domain/ids.ts'
import type { Progress } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import type { Tables } from '../ports/store.ts'
import type { SignIn, Step } from './step.ts'
import { issue, newSession } from './tokens.ts'

/**
 * The end of a sign-in: the last session is used up, the user saved if anything changed, failures are forgotten, a new
 * device is given its key, and tokens are made.
 */
export async function completeSignIn(
  signIn: SignIn,
  user: User,
  progress: Progress,
  commit: (store: Tables) => Promise<void>,
): Promise<Step> {
  const { app, pool, client, now } = signIn
  const device = progress.deviceProven ? undefined : newDevice(signIn, user)
  const deviceKey = device?.key ?? progress.deviceKey
  const holder = { pool, client, user }
  const { session, refreshToken } = await newSession(app, holder, progress.methods, deviceKey, now)
  await app.store.transaction(async (store) => {
    await commit(store)
    await store.failures.clear(pool.id, user.username)
    if (device) await store.devices.save(device)
    await store.tokenSessions.create(session)
  })
  const tokens = await issue(app, holder, session, now)
  return {
    kind: 'signed-in',
    tokens: {
      ...tokens,
      refreshToken,
      ...(device && { newDevice: { key: device.key, groupKey: device.groupKey } }),
    },
  }
}

/** Where a pool tracks devices, every sign-in without a known one is given a key, to be confirmed with a secret. */
function newDevice({ app, pool, now }: SignIn, user: User): Device | undefined {
  if (pool.settings.DeviceConfiguration === undefined) return undefined
  return {
    poolId: pool.id,
    username: user.username,
    key: `${regionOf(pool.id)}_${app.random.uuid()}`,
    groupKey: `-${Buffer.from(app.random.bytes(6)).toString('base64url').replace(/[-_]/g, 'x')}`,
    remembered: false,
    createdAt: now,
    modifiedAt: now,
    authenticatedAt: now,
  }
}
