import { expireImports } from '../flows/imports.ts'
import { days, minutes } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'

/** Work that nobody asks for: what has expired is swept away, once a minute. Returns how to stop it. */
export function startChores(app: App): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    running = sweep(app).catch((error) => app.journal.error('sweep failed', { error }))
  }, minutes(1))
  timer.unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}

/**
 * Sessions that ended a day ago are gone; until then they answer that they have expired. So are codes, and what was counted;
 * codes of apps are gone at once.
 * The inbox keeps a week, an event says for itself how long it is kept, and an import that nobody starts expires.
 */
export async function sweep(app: App): Promise<void> {
  const now = app.clock.now()
  const yesterday = now - days(1)
  await app.store.authSessions.deleteExpired(yesterday)
  await app.store.tokenSessions.deleteExpired(yesterday)
  await app.store.ssoSessions.deleteExpired(yesterday)
  await app.store.authorizationCodes.deleteExpired(now)
  await app.store.usedAssertions.deleteExpired(now)
  await app.store.authEvents.deleteExpired(now)
  await app.store.devices.deleteUnclaimed()
  await app.store.codes.deleteExpired(yesterday)
  await app.store.failures.deleteOlder(yesterday)
  await app.store.quotas.deleteBefore(yesterday)
  await app.store.messages.deleteOlder(now - days(7))
  await expireImports(app, now)
}
