import type { MfaDemand, MfaFacts } from '../domain/challenge.ts'
import { type PreferenceRequest, withPreference } from '../domain/mfa.ts'
import type { Pool } from '../domain/pool.ts'
import type { User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import { usablePasskeys } from './passkeys.ts'
import { saveUser } from './save-user.ts'

/** What decides about a second factor. */
export async function mfaFacts(
  app: App,
  pool: Pool,
  user: User,
  rememberedDevice = false,
  demand?: MfaDemand,
): Promise<MfaFacts> {
  return {
    settings: pool.settings,
    factors: pool.mfa,
    preferences: user.mfa,
    attributes: user.attributes,
    softwareToken: (await app.store.softwareTokens.find(pool.id, user.username)) !== undefined,
    rememberedDevice,
    demand,
  }
}

/** Saves which second factors a user wants, among those that the user has. */
export async function setPreference(
  app: App,
  pool: Pool,
  user: User,
  request: PreferenceRequest,
  now: Instant,
): Promise<void> {
  const registered = {
    softwareToken: (await app.store.softwareTokens.find(pool.id, user.username)) !== undefined,
    passkeys: (await usablePasskeys(app, pool, user)).length > 0,
  }
  await saveUser(app.store, pool, user, withPreference(pool, user, request, registered), now)
}
