import type { Progress } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import type { Tables } from '../ports/store.ts'
import { newDevice } from './devices.ts'
import { makeRoom, newRecord } from './sessions.ts'
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
  const device = newDevice(signIn, user, progress)
  // A device that was named and not proven is nobody's word.
  const deviceKey = device?.key ?? (progress.deviceProven ? progress.deviceKey : undefined)
  const record = newRecord(signIn)
  const holder = { pool, client, user }
  const proven = {
    methods: progress.methods,
    ...(deviceKey !== undefined && { deviceKey }),
    ...(progress.eventId !== undefined && { eventId: progress.eventId }),
    ...(record !== undefined && { record }),
  }
  const { session, refreshToken } = await newSession(app, holder, proven, now)
  await app.store.transaction(async (store) => {
    await commit(store)
    await store.failures.clear(pool.id, user.username)
    if (device) await store.devices.create(device)
    await makeRoom(signIn, store, session)
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
