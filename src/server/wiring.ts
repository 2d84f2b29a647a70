import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type MovableClock, movableClock } from '../adapters/clock/movable.ts'
import { pinoJournal } from '../adapters/journal/pino.ts'
import { keyMaker } from '../adapters/key-maker.ts'
import { workerModExp } from '../adapters/modexp/workers.ts'
import { inboxOutbox } from '../adapters/outbox/inbox.ts'
import { openPrincipalsFile } from '../adapters/principals/file.ts'
import { wellKnownPrincipals } from '../adapters/principals/well-known.ts'
import { postgresEngine } from '../adapters/sql/postgres.ts'
import { sqliteEngine } from '../adapters/sql/sqlite.ts'
import { openStore } from '../adapters/sql/store.ts'
import { systemClock, systemRandom } from '../adapters/system.ts'
import { loadVaultKeys } from '../adapters/vault/key-file.ts'
import { openVault } from '../adapters/vault/local.ts'
import type { App } from '../ports/app.ts'
import type { Journal } from '../ports/journal.ts'
import type { Principals } from '../ports/principals.ts'
import type { Config } from './config.ts'

export interface Wired {
  readonly app: App
  /** The clock of `--test-clock`. */
  readonly clock: MovableClock | undefined
  readonly close: () => Promise<void>
}

/** Where the worker's code is: beside the source, or beside the bundle. */
const workerFile = import.meta.url.endsWith('.ts')
  ? new URL('../adapters/modexp/worker.ts', import.meta.url)
  : new URL('./modexp-worker.js', import.meta.url)

/** Fills every port as the settings say. */
export async function wire(config: Config, publicUrl: string): Promise<Wired> {
  if (config.databaseUrl === undefined || !existsSync(config.data))
    mkdirSync(config.data, { recursive: true, mode: 0o700 })
  const journal = pinoJournal(config.logLevel)
  const vault = openVault(await loadVaultKeys(config.keyFile))
  const principals = openPrincipals(config, journal)
  const engine =
    config.databaseUrl === undefined
      ? sqliteEngine(join(config.data, 'cognate.sqlite'))
      : postgresEngine(config.databaseUrl, (error) =>
          journal.warn('an idle database connection broke', { error }),
        )
  const store = await openStore(engine, vault)
  const modexp = workerModExp({
    worker: workerFile,
    selfTestFailed: (reason) =>
      journal.error('native modular exponentiation is wrong; using BigInt', { reason }),
  })
  const clock = config.testClock ? movableClock(systemClock) : undefined
  const app: App = {
    clock: clock ?? systemClock,
    signingClock: systemClock,
    random: systemRandom,
    store,
    vault,
    modexp,
    keyMaker,
    principals,
    outbox: inboxOutbox(),
    journal,
    site: {
      accountId: config.accountId,
      region: config.region,
      publicUrl,
      issuer: config.issuer,
      iam: config.iam,
    },
  }
  return {
    app,
    clock,
    async close() {
      principals.close()
      await modexp.close()
      await store.close()
    },
  }
}

/** The file when there is one; the well-known root key only where nobody else can reach it. */
function openPrincipals(config: Config, journal: Journal): Principals {
  const path = config.iamFile ?? join(config.data, 'iam.yaml')
  if (config.iamFile !== undefined || existsSync(path)) {
    return openPrincipalsFile(path, config.accountId, {
      reloaded: (count) => journal.info('iam file read again', { accessKeys: count }),
      refused: (reason) => journal.error('iam file refused; the last good one stays in force', { reason }),
    })
  }
  return usesWellKnownKey(config) ? wellKnownPrincipals(config.accountId) : nobody
}

export const usesWellKnownKey = (config: Config): boolean =>
  config.loopback && config.databaseUrl === undefined

const nobody: Principals = { find: () => undefined, close: () => {} }
