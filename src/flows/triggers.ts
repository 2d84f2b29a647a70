import { Fault } from '../domain/faults.ts'
import type { LambdaConfig, Pool } from '../domain/pool.ts'

/**
 * Triggers are not run by this version. A pool that relies on one must not be served as if it had said yes, so every
 * flow names the triggers it would run and stops where one is configured.
 * @throws Fault TriggerUnavailable
 */
export function stopAtTriggers(pool: Pool, ...triggers: readonly (keyof LambdaConfig)[]): void {
  const configured = triggers.find((trigger) => pool.settings.LambdaConfig[trigger] !== undefined)
  if (configured !== undefined) throw new Fault('TriggerUnavailable', configured)
}
