import { isDeepStrictEqual } from 'node:util'
import { Fault } from '../../domain/faults.ts'
import type { Pool } from '../../domain/pool.ts'
import { regionalOf } from '../../domain/replica.ts'

/**
 * What an update comes to where the pool is looked at: everything in its own region, what is regional in that of a
 * replica. Requests name the whole configuration, so there they may name the rest as it stands, and not otherwise. `named`
 * is what the request says; `show` shows a pool in the words of requests.
 * @throws Fault OperationNotEnabled
 */
export function changedHere(
  pool: Pool,
  changed: Pool,
  named: object,
  show: (pool: Pool) => Readonly<Record<string, unknown>>,
): Pool {
  if (pool.replica === undefined) return changed
  const { SmsConfiguration: _, ...standing } = pool.settings
  const { tags, modifiedAt } = changed
  const here: Pool = {
    ...pool,
    settings: { ...standing, ...regionalOf(changed.settings) },
    tags,
    modifiedAt,
  }
  const [asked, given] = [show(changed), show(here)]
  const isGiven = (member: string) => isDeepStrictEqual(asked[member], given[member])
  if (!Object.keys(named).every(isGiven)) throw new Fault('OperationNotEnabled')
  return here
}
