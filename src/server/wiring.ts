import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type MovableClock, movableClock } from '../adapters/clock/movable.ts'
import { commonPasswords } from '../adapters/compromised-passwords/common.ts'
import { passwordFile } from '../adapters/compromised-passwords/file.ts'
import { pinoJournal } from '../adapters/journal/pino.ts'
import { keyMaker } from '../adapters/key-maker.ts'
import { localKms } from '../adapters/kms/local.ts'
import { openChannel } from '../adapters/messages/open.ts'
import { workerModExp } from '../adapters/modexp/workers.ts'
import { guardedOutbound } from '../adapters/outbound/guarded.ts'
import { inboxOutbox } from '../adapters/outbox/inbox.ts'
import { bcryptThread } from '../adapters/password-hashes/bcrypt-thread.ts'
import { passwordHashes } from '../adapters/password-hashes/hashes.ts'
import { noPoolLogs } from '../adapters/pool-logs/off.ts'
import { wellKnownPrincipals } from '../adapters/principals/well-known.ts'
import type { Engine } from '../adapters/sql/engine.ts'
import { sqliteEngine } from '../adapters/sql/sqlite.ts'
import { openStore } from '../adapters/sql/store.ts'
import { systemClock, systemRandom } from '../adapters/system.ts'
import { openTrail } from '../adapters/trail/open.ts'
import { openRunner } from '../adapters/triggers/open.ts'
import { loadVaultKeys } from '../adapters/vault/key-file.ts'
import { openVault } from '../adapters/vault/local.ts'
import { newBell } from '../lib/bell.ts'
import type { App } from '../ports/app.ts'
import type { CompromisedPasswords } from '../ports/compromised-passwords.ts'
import type { Journal } from '../ports/journal.ts'
import type { Kms } from '../ports/kms.ts'
import type { OidcClient } from '../ports/oidc-client.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { PoolLogs } from '../ports/pool-logs.ts'
import type { Principals } from '../ports/principals.ts'
import type { SamlClient } from '../ports/saml-client.ts'
import type { Store } from '../ports/store.ts'
import type { Vault } from '../ports/vault.ts'
import { type Config, WrongSettings } from './config.ts'

export interface Wired {
  readonly app: App
  readonly signers: Signers
  /** The clock of `--test-clock`. */
  readonly clock: MovableClock | undefined
  readonly close: () => Promise<void>
}

/** Whose signatures are accepted: of those in iam.yaml, of `test`/`test`, of nobody. */
export type Signers = 'file' | 'well-known' | 'nobody'

/** The store alone, for commands that need no server. */
export async function openStoreOf(config: Config): Promise<Store> {
  const journal = pinoJournal(config.logLevel)
  const vault = openVault(await loadVaultKeys(config.keyFile).catch(refuseFile))
  return openStore(await openEngine(config, journal), vault)
}

/** Where the worker's code is: beside the source, or beside the bundle. */
const workerFile = import.meta.url.endsWith('.ts')
  ? new URL('../adapters/modexp/worker.ts', import.meta.url)
  : new URL('./modexp-worker.js', import.meta.url)

const bcryptFile = import.meta.url.endsWith('.ts')
  ? new URL('../adapters/password-hashes/bcrypt-worker.ts', import.meta.url)
  : new URL('./bcrypt-worker.js', import.meta.url)

/** Where the code around a trigger's handler is. */
const triggerFile = import.meta.url.endsWith('.ts')
  ? new URL('../adapters/triggers/inside.ts', import.meta.url)
  : new URL('./trigger-inside.js', import.meta.url)

/**
 * Fills every port as the settings say. What only some settings use is loaded by them alone.
 * @throws WrongSettings when a file that they name cannot be used
 */
export async function wire(config: Config, publicUrl: string): Promise<Wired> {
  await using opened = new AsyncDisposableStack()
  const journal = pinoJournal(config.logLevel)
  if (config.databaseUrl === undefined) mkdirSync(config.data, { recursive: true, mode: 0o700 })
  const trail = await openTrail(config.trail, {
    failed: (sink, error) => journal.error('the audit trail cannot be written', { sink, error }),
    lost: (sink, events) => journal.error('events of the audit trail are lost', { sink, events }),
  }).catch(refuseFile)
  opened.defer(() => trail?.close())
  const { principals, signers } = await openPrincipals(config, journal)
  opened.defer(() => principals.close())
  const vault = openVault(await loadVaultKeys(config.keyFile).catch(refuseFile))
  const store = await openStore(await openEngine(config, journal), vault)
  opened.defer(() => store.close())
  const modexp = workerModExp({
    worker: workerFile,
    selfTestFailed: (reason) =>
      journal.error('native modular exponentiation is wrong; using BigInt', { reason }),
  })
  opened.defer(() => modexp.close())
  const hashes = passwordHashes(bcryptThread(bcryptFile))
  opened.defer(() => hashes.close())
  const triggers = await openRunner({
    folder: config.triggers,
    map: config.triggerMap,
    secret: config.webhookSecret,
    entry: triggerFile,
    log: (name, line) => journal.info('trigger output', { function: name, line }),
  }).catch(refuseFile)
  opened.defer(() => triggers.close())
  const channels = await openChannels(config)
  opened.defer(async () => {
    await Promise.all(Object.values(channels).map((channel) => channel?.close()))
  })
  const compromised = openPasswords(config.compromisedPasswords)
  opened.defer(() => compromised.close())
  const outbound = guardedOutbound(config.outbound)
  const poolLogs = await openPoolLogs(config, journal)
  opened.defer(() => poolLogs.close())
  const clock = config.testClock ? movableClock(systemClock) : undefined
  const app: App = {
    clock: clock ?? systemClock,
    signingClock: systemClock,
    random: systemRandom,
    store,
    vault,
    modexp,
    passwordHashes: hashes,
    keyMaker,
    principals,
    outbox: inboxOutbox(),
    channels,
    kms: await openKms(config, vault),
    imports: newBell(),
    outbound,
    oidc: oidcClient(outbound),
    saml: samlClient,
    triggers,
    compromised,
    poolLogs,
    journal,
    trail,
    site: {
      accountId: config.accountId,
      region: config.region,
      publicUrl,
      issuer: config.issuer,
      iam: config.iam,
      throttle: config.throttle,
    },
  }
  const all = opened.move()
  return { app, signers, clock, close: () => all.disposeAsync() }
}

/** Loaded by the first who signs in elsewhere. */
function oidcClient(outbound: Outbound): OidcClient {
  const load = async () => {
    const { openidClient } = await import('../adapters/oidc-client/openid-client.ts')
    return openidClient(outbound)
  }
  return {
    authorizationUrl: async (...asked) => (await load()).authorizationUrl(...asked),
    answer: async (...asked) => (await load()).answer(...asked),
  }
}

/** Loaded as that one is. */
const samlClient: SamlClient = {
  authorizationUrl: async (...asked) => (await loadSaml()).authorizationUrl(...asked),
  read: async (...asked) => (await loadSaml()).read(...asked),
}
const loadSaml = async () => (await import('../adapters/saml-client/node-saml.ts')).nodeSaml

/** @throws WrongSettings when a channel cannot be opened */
async function openChannels({ email, sms, mailFrom, region, webhookSecret }: Config) {
  const open = async (uri: string) => {
    try {
      return await openChannel({ uri, from: mailFrom, region, secret: webhookSecret })
    } catch (error) {
      throw new WrongSettings(`${uri}: ${(error as Error).message}`, { cause: error })
    }
  }
  return { EMAIL: await open(email), SMS: await open(sms) }
}

async function openKms({ kms }: Config, vault: Vault): Promise<Kms> {
  if (kms === 'local:') return localKms(vault)
  const { awsKms } = await import('../adapters/kms/aws.ts')
  return awsKms(kms.slice('aws:'.length) || undefined)
}

async function openPoolLogs({ poolLogs, accountId }: Config, journal: Journal): Promise<PoolLogs> {
  if (poolLogs === 'off') return noPoolLogs
  const { awsPoolLogs } = await import('../adapters/pool-logs/aws.ts')
  const endpoint = poolLogs.slice('aws:'.length) || undefined
  return awsPoolLogs({ endpoint, accountId, clock: systemClock, journal })
}

async function openEngine(config: Config, journal: Journal): Promise<Engine> {
  if (config.databaseUrl === undefined) return sqliteEngine(join(config.data, 'cognate.sqlite'))
  const { postgresEngine } = await import('../adapters/sql/postgres.ts')
  return postgresEngine(config.databaseUrl, (error) =>
    journal.warn('an idle database connection broke', { error }),
  )
}

/** The commonest passwords, and those of the file when there is one. */
function openPasswords(path: string | undefined): CompromisedPasswords {
  if (path === undefined) return commonPasswords
  try {
    const file = passwordFile(path)
    return {
      has: async (password) => (await commonPasswords.has(password)) || file.has(password),
      close: file.close,
    }
  } catch (error) {
    return refuseFile(error)
  }
}

/** The file when there is one; the well-known root key only where nobody else can reach it. */
async function openPrincipals(
  config: Config,
  journal: Journal,
): Promise<{ principals: Principals; signers: Signers }> {
  const path = config.iamFile ?? join(config.data, 'iam.yaml')
  if (config.iamFile !== undefined || existsSync(path)) {
    const { openPrincipalsFile } = await import('../adapters/principals/file.ts')
    const report = {
      reloaded: (count: number) => journal.info('iam file read again', { accessKeys: count }),
      refused: (reason: string) =>
        journal.error('iam file refused; the last good one stays in force', { reason }),
    }
    try {
      return { principals: openPrincipalsFile(path, config.accountId, report), signers: 'file' }
    } catch (error) {
      return refuseFile(error)
    }
  }
  if (config.loopback && config.databaseUrl === undefined) {
    return { principals: wellKnownPrincipals(config.accountId), signers: 'well-known' }
  }
  return { principals: { find: () => undefined, close: () => {} }, signers: 'nobody' }
}

function refuseFile(error: unknown): never {
  throw new WrongSettings((error as Error).message, { cause: error })
}
