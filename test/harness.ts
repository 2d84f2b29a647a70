/**
 * The whole server in one process, without a socket: a frozen clock, seeded randomness, recorded messages, and the
 * real AWS SDK client in front.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, describe } from 'node:test'
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import pg from 'pg'
import { commonPasswords } from '../src/adapters/compromised-passwords/common.ts'
import { keyMaker } from '../src/adapters/key-maker.ts'
import { localKms } from '../src/adapters/kms/local.ts'
import { nativePower } from '../src/adapters/modexp/native.ts'
import { openidClient } from '../src/adapters/oidc-client/openid-client.ts'
import { inboxOutbox } from '../src/adapters/outbox/inbox.ts'
import { type BcryptQuestion, bcrypt } from '../src/adapters/password-hashes/bcrypt.ts'
import { passwordHashes } from '../src/adapters/password-hashes/hashes.ts'
import { noPoolLogs } from '../src/adapters/pool-logs/off.ts'
import { wellKnownPrincipals } from '../src/adapters/principals/well-known.ts'
import { nodeSaml } from '../src/adapters/saml-client/node-saml.ts'
import type { Engine } from '../src/adapters/sql/engine.ts'
import { postgresEngine } from '../src/adapters/sql/postgres.ts'
import { sqliteEngine } from '../src/adapters/sql/sqlite.ts'
import { openStore } from '../src/adapters/sql/store.ts'
import { systemClock } from '../src/adapters/system.ts'
import { openVault, parseVaultKeys } from '../src/adapters/vault/local.ts'
import { operationNames } from '../src/api/names.ts'
import { type Api, createApi } from '../src/api/pipeline.ts'
import { operations } from '../src/api/registry.ts'
import { readDirectory } from '../src/domain/iam-directory.ts'
import type { CustomSending } from '../src/domain/message.ts'
import { newBell } from '../src/lib/bell.ts'
import { bytesFrom, numberFrom } from '../src/lib/bytes.ts'
import type { Instant } from '../src/lib/instant.ts'
import type { App, Site } from '../src/ports/app.ts'
import type { KeyMaker } from '../src/ports/key-maker.ts'
import type { ModExp } from '../src/ports/modexp.ts'
import type { Principals } from '../src/ports/principals.ts'
import type { Trail } from '../src/ports/trail.ts'
import type { HttpResponse } from '../src/protocol/aws-json.ts'
import { routes } from '../src/server/routes.ts'
import { FaultAccount } from './fault-account.ts'
import { seededRandom } from './seeded-random.ts'
import { type TestDocuments, testDocuments } from './test-documents.ts'
import { TransitionAccount } from './transition-account.ts'
import { type TestFunctions, testFunctions } from './trigger-functions.ts'

export type StoreKind = 'sqlite' | 'postgres'

export interface TestServerOptions {
  readonly store?: StoreKind
  readonly site?: Partial<Site>
  /** The content of an iam.yaml, as a value. */
  readonly iam?: unknown
  readonly channels?: Partial<App['channels']>
  readonly poolLogs?: App['poolLogs']
  readonly trail?: Trail
}

/** A message as a test compares it. */
export interface Sent {
  readonly medium: 'SMS' | 'EMAIL'
  readonly to: string
  readonly subject?: string
  readonly body: string
  readonly code?: string
  readonly sender?: CustomSending
}

export interface TestServer {
  readonly app: App
  /** The SDK client with the root key. */
  readonly client: CognitoIdentityProviderClient
  /** The SDK client with another key. */
  readonly as: (accessKeyId: string, secretAccessKey: string) => CognitoIdentityProviderClient
  /** A raw request to the JSON API. */
  readonly api: Api
  /** A request to everything else; a whole URL is one to another name of the server. */
  readonly web: (path: string, init?: RequestInit, from?: string) => Promise<Response>
  readonly clock: { now: Instant }
  /** The Lambda functions that pools may name, and what they were told. */
  readonly functions: TestFunctions
  /** What is to be found elsewhere, and what was asked for. */
  readonly documents: TestDocuments
  /** The database once more, for a look past the store at the rows. */
  readonly engine: () => Engine
  /** What was sent since this was last asked, oldest first. */
  readonly sent: () => Promise<Sent[]>
  readonly stop: () => Promise<void>
}

const start = Date.UTC(2026, 10, 23, 12, 0, 0)

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const opened = await openEngine(options.store ?? 'sqlite')
  const vault = openVault(testVaultKeys)
  const store = await openStore(opened.engine, vault)
  const clock = { now: start }
  const site: Site = {
    accountId: '123456789012',
    region: 'us-east-1',
    publicUrl: 'http://localhost:9229',
    issuer: 'own',
    iam: 'enforced',
    throttle: 'off',
    ...options.site,
  }
  const unexpected: unknown[] = []
  const functions = testFunctions()
  const documents = testDocuments()
  const app: App = {
    clock: { now: () => clock.now },
    signingClock: systemClock,
    random: seededRandom(randomUUID()),
    store,
    vault,
    modexp: sameThread,
    passwordHashes: passwordHashes(sameThreadBcrypt),
    keyMaker: sameKeys,
    principals: principalsOf(options.iam, site.accountId),
    outbox: inboxOutbox(),
    channels: { EMAIL: undefined, SMS: undefined, ...options.channels },
    kms: localKms(vault),
    imports: newBell(),
    outbound: documents.outbound,
    oidc: openidClient(documents.outbound),
    saml: nodeSaml,
    triggers: functions.runner,
    compromised: commonPasswords,
    poolLogs: options.poolLogs ?? noPoolLogs,
    trail: options.trail,
    journal: {
      info: () => {},
      warn: () => {},
      error: (event, facts) => unexpected.push({ event, ...facts }),
    },
    site,
  }
  const account = new FaultAccount()
  const steps = new TransitionAccount()
  const api = steps.watch(
    createApi(app, operations, operationNames, (operation, fault) => account.witness(operation, fault?.code)),
  )
  const web = routes(app, { inbox: 'loopback', clock: undefined })
  const as = (accessKeyId: string, secretAccessKey: string) =>
    sdkClient(api, { accessKeyId, secretAccessKey })
  return {
    app,
    client: as('test', 'test'),
    as,
    api,
    web: async (path, init, from) =>
      web.fetch(
        new Request(new URL(path, 'http://localhost:9229'), init),
        from === undefined ? undefined : { incoming: { socket: { remoteAddress: from } } },
      ),
    clock,
    functions,
    documents,
    engine: opened.again,
    async sent() {
      const messages = await store.messages.list({ limit: 1000 })
      await store.messages.clear({})
      return messages.toReversed().map(({ id: _, poolId: __, createdAt: ___, ...message }) => message)
    },
    async stop() {
      await store.close()
      await opened.remove()
      account.close()
      steps.close()
      if (unexpected.length > 0) throw new AggregateError(unexpected.map(toError), 'unexpected failures')
      if (account.undeclared.size > 0)
        throw new Error(`raised and not declared: ${[...account.undeclared].join(', ')}`)
      if (steps.undrawn.length > 0)
        throw new Error(`not in the diagram of sign-in: ${steps.undrawn.join(', ')}`)
    },
  }
}

/** Runs a suite on both stores. `server()` is the running one, inside a test or a hook. */
export function onEachStore(
  suite: (server: () => TestServer, store: StoreKind) => void,
  options: Omit<TestServerOptions, 'store'> = {},
): void {
  for (const store of ['sqlite', 'postgres'] as const) {
    describe(store, () => {
      let server: TestServer | undefined
      before(async () => {
        server = await startServer({ ...options, store })
      })
      after(() => server?.stop())
      suite(() => {
        if (!server) throw new Error('the server is not running yet')
        return server
      }, store)
    })
  }
}

function toError(facts: unknown): Error {
  const { error } = facts as { error?: unknown }
  return error instanceof Error ? error : new Error(JSON.stringify(facts))
}

/** Powers on the test's own thread: half a millisecond each, and no worker to start. The workers have tests of their own. */
const sameThread: ModExp = {
  power: async (base, exponent) => bytesFrom(nativePower(numberFrom(base), numberFrom(exponent)), 384),
  close: async () => {},
}

const sameThreadBcrypt = { hash: async (question: BcryptQuestion) => bcrypt(question), close: async () => {} }

/** A few RSA pairs serve every pool of a test process in turn: making one takes a tenth of a second. */
const pairs: ReturnType<KeyMaker['rsa']>[] = []
let turn = 0
const sameKeys: KeyMaker = {
  rsa() {
    const index = turn % 4
    turn += 1
    pairs[index] ??= keyMaker.rsa()
    return pairs[index]
  },
  certify: keyMaker.certify,
}

const testVaultKeys = parseVaultKeys(
  JSON.stringify({ keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] }),
)

/** The root key always works; a directory adds to it. */
function principalsOf(iam: unknown, accountId: string): Principals {
  const root = wellKnownPrincipals(accountId)
  const directory = iam === undefined ? undefined : readDirectory(iam, accountId)
  return { find: (id) => directory?.get(id) ?? root.find(id), close: () => {} }
}

/** The published client, its requests handed to the API instead of a socket. */
export function sdkClient(
  api: Api,
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
  region = 'us-east-1',
  host = 'localhost',
): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    region,
    endpoint: `http://${host}:9229`,
    credentials,
    maxAttempts: 1,
    requestHandler: {
      async handle(request: {
        method: string
        path: string
        headers: Record<string, string>
        body?: unknown
      }) {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
        )
        const answer = await api({
          method: request.method,
          target: request.path,
          headers,
          body: Buffer.from((request.body as string | Uint8Array | undefined) ?? ''),
          remoteAddress: '127.0.0.1',
          secure: false,
        })
        return {
          response: {
            statusCode: answer.status,
            headers: answer.headers,
            body: Readable.from([Buffer.from(answer.body)]),
          },
        }
      },
    } as never,
  })
}

/** An unsigned call of an operation with any JSON at all, as no SDK would send it. */
export function callRaw(
  server: TestServer,
  operation: string,
  body: string | Uint8Array,
): Promise<HttpResponse> {
  return server.api({
    method: 'POST',
    target: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: Buffer.from(body),
    remoteAddress: '127.0.0.1',
    secure: false,
  })
}

interface Opened {
  readonly engine: Engine
  readonly again: () => Engine
  readonly remove: () => Promise<void>
}

export async function openEngine(kind: StoreKind): Promise<Opened> {
  return kind === 'sqlite' ? openSqlite() : openPostgres()
}

async function openSqlite(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'cognate-store-'))
  const again = () => sqliteEngine(join(folder, 'cognate.sqlite'))
  return {
    engine: again(),
    again,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** A database of its own on the run's PostgreSQL. */
async function openPostgres(): Promise<Opened> {
  const { url, remove } = await createDatabase()
  const again = () => postgresEngine(url, () => {})
  return {
    engine: again(),
    again,
    remove,
  }
}

export async function createDatabase(): Promise<{ url: string; remove: () => Promise<void> }> {
  const server = process.env.COGNATE_TEST_DATABASE_URL
  if (!server)
    throw new Error('no PostgreSQL: run the tests through npm test, or set COGNATE_TEST_DATABASE_URL')
  const name = `cognate_${randomUUID().replaceAll('-', '')}`
  await administer(server, `create database ${name} template template0 encoding 'UTF8'`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, remove: () => administer(server, `drop database if exists ${name} with (force)`) }
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
