import { countedIn } from '../domain/lockout.ts'
import type { Progress, TokenSession } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import type { Tables } from '../ports/store.ts'
import { newDevice } from './devices.ts'
import { makeRoom, newRecord } from './sessions.ts'
import { postAuthentication } from './sign-in-triggers.ts'
import type { SignIn, Step } from './step.ts'
import { contentsFor, type Holder, type IssuedTokens, issue, newSession, type TokenSource } from './tokens.ts'

/**
 * The end of a sign-in: the last session is used up, the user saved if anything changed, failures are forgotten, a new
 * device is given its key, triggers are told, and tokens are made.
 */
export async function completeSignIn(
  signIn: SignIn,
  user: User,
  progress: Progress,
  commit: (store: Tables) => Promise<User>,
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
  const saved = await app.store.transaction(async (store) => {
    const saved = await commit(store)
    await store.failures.clear(pool.id, countedIn(pool, user.username))
    if (device) await store.devices.create(device)
    await makeRoom(signIn, store, session)
    await store.tokenSessions.create(session)
    return saved
  })
  const tokens = await tell(signIn, { pool, client, user: saved }, session, progress, device !== undefined)
  return {
    kind: 'signed-in',
    tokens: {
      ...tokens,
      refreshToken,
      ...(device && { newDevice: { key: device.key, groupKey: device.groupKey } }),
    },
  }
}

/**
 * Of the racers for a session only the one who got it tells the triggers. What they refuse has no tokens, and its session
 * ends with it.
 */
async function tell(
  signIn: SignIn,
  holder: Holder,
  session: TokenSession,
  progress: Progress,
  newDeviceUsed: boolean,
): Promise<IssuedTokens> {
  const { app, pool, metadata, now } = signIn
  try {
    await postAuthentication(signIn, holder.user, newDeviceUsed)
    const contents = await contentsFor(app, holder, session, { source: sourceOf(progress), metadata })
    return await issue(app, holder, session, contents, now)
  } catch (error) {
    await app.store.tokenSessions.revoke(pool.id, session.id, now)
    throw error
  }
}

function sourceOf({ passwordReplaced, deviceProven }: Progress): TokenSource {
  if (passwordReplaced) return 'TokenGeneration_NewPasswordChallenge'
  return deviceProven ? 'TokenGeneration_AuthenticateDevice' : 'TokenGeneration_Authentication'
}
