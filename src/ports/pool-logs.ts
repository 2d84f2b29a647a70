import type { LogDestination, PoolLog } from '../domain/pool-log.ts'

/** Delivers the logs of pools, as well as it can: what a destination does not take in time is lost. */
export interface PoolLogs {
  /** Takes an entry along. It waits for nothing and never fails. */
  readonly put: (destination: LogDestination, log: PoolLog) => void
  /** Delivers what was taken, within a deadline. */
  readonly close: () => Promise<void>
}
