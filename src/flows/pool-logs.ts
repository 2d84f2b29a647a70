import type { AuthEvent } from '../domain/auth-event.ts'
import type { Pool } from '../domain/pool.ts'
import {
  type EventCall,
  eventLog,
  logDestination,
  type Undelivered,
  undeliveredLog,
} from '../domain/pool-log.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'

/** What pools have sent elsewhere: told when it has happened, and never waited for. */

export function logEvent(app: App, pool: Pool, event: AuthEvent, call: EventCall): void {
  const destination = logDestination(pool, 'userAuthEvents')
  if (destination !== undefined) app.poolLogs.put(destination, eventLog(event, call))
}

export function logUndelivered(app: App, pool: Pool, at: Instant, undelivered: Undelivered): void {
  const destination = logDestination(pool, 'userNotification')
  if (destination !== undefined) app.poolLogs.put(destination, undeliveredLog(pool.id, at, undelivered))
}
