/**
 * What a large pool costs: `node bench/million.ts [users] [sqlite|postgres]`, a million on both unless told otherwise.
 * Fills pools of a thousand, a hundred thousand and a million users straight through the adapter, asks the API of each in
 * turn, and prints the medians as a table. A figure of the largest beyond twice that of the smallest is marked.
 */
import { randomInt, randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../src/adapters/sql/tables.ts'
import { countUser } from '../src/adapters/sql/user-counts.ts'
import type { UserPoolId as PoolId } from '../src/domain/ids.ts'
import { callRaw, type StoreKind, startServer, type TestServer } from '../test/harness.ts'
import { withDatabase } from '../test/places.ts'
import { startPostgres } from '../test/postgres.ts'

const [most = '1000000', only] = process.argv.slice(2)
const sizes = [1000, 100_000, 1_000_000].filter((size) => size <= Number(most))
const stores = (['sqlite', 'postgres'] as const).filter((store) => only === undefined || store === only)

/** Calls that count, after a tenth of them that do not. */
const samples = 200

/** A pool of so many: user 7 is `user-0000007`, with an address, a family name that a hundred have, and a sub. */
interface Pool {
  readonly UserPoolId: string
  readonly size: number
  readonly subs: readonly string[]
  /** The token of a page in the middle. */
  readonly middle: string
}

const nameOf = (index: number) => `user-${String(index).padStart(7, '0')}`
const emailOf = (index: number) => `${nameOf(index)}@example.com`
/** A hundred users each. */
const familyOf = (index: number, size: number) => `family-${String(index % (size / 100)).padStart(5, '0')}`

interface Query {
  readonly what: string
  readonly operation: string
  readonly input: (pool: Pool, index: number) => object
}

const filtered = (what: string, Filter: (index: number, size: number) => string): Query => ({
  what: `ListUsers, ${what}`,
  operation: 'ListUsers',
  input: ({ size }, index) => ({ Filter: Filter(index, size) }),
})
const queries: readonly Query[] = [
  {
    what: 'AdminGetUser by username',
    operation: 'AdminGetUser',
    input: (_, index) => ({ Username: nameOf(index) }),
  },
  {
    what: 'AdminGetUser by sub',
    operation: 'AdminGetUser',
    input: ({ subs }, index) => ({ Username: subs[index] }),
  },
  {
    what: 'AdminGetUser by email',
    operation: 'AdminGetUser',
    input: (_, index) => ({ Username: emailOf(index) }),
  },
  { what: 'ListUsers, the first 60', operation: 'ListUsers', input: () => ({}) },
  {
    what: 'ListUsers, 60 in the middle',
    operation: 'ListUsers',
    input: ({ middle }) => ({ PaginationToken: middle }),
  },
  filtered('`email =` one', (index) => `email = "${emailOf(index)}"`),
  filtered('`email ^=` one', (index) => `email ^= "${emailOf(index)}"`),
  filtered('`email ^=` everybody', () => 'email ^= "user-"'),
  filtered('`username ^=` everybody', () => 'username ^= "user-"'),
  filtered('`family_name =` a hundred', (index, size) => `family_name = "${familyOf(index, size)}"`),
  filtered('`family_name ^=` a hundred', (index, size) => `family_name ^= "${familyOf(index, size)}"`),
  filtered('`family_name ^=` everybody', () => 'family_name ^= "family"'),
  filtered('`sub ^=` one in sixteen', (index) => `sub ^= "${(index % 16).toString(16)}"`),
  filtered('`cognito:user_status =` everybody', () => 'cognito:user_status = "CONFIRMED"'),
  filtered('`cognito:user_status ^=` everybody', () => 'cognito:user_status ^= "C"'),
  filtered('`status =` everybody', () => 'status = "Enabled"'),
  filtered('`status =` nobody', () => 'status = "Disabled"'),
  filtered('`name =` nobody', () => 'name = "nobody"'),
  { what: 'DescribeUserPool', operation: 'DescribeUserPool', input: () => ({}) },
]

async function ask(server: TestServer, operation: string, input: object) {
  const { status, body } = await callRaw(server, operation, JSON.stringify(input))
  if (status !== 200) throw new Error(`${operation} answered ${body}`)
  return JSON.parse(body)
}

async function createPool(server: TestServer, store: StoreKind, size: number): Promise<Pool> {
  const input = { PoolName: `${size}`, AliasAttributes: ['email'] }
  const { UserPool } = await ask(server, 'CreateUserPool', input)
  const UserPoolId: string = UserPool.Id
  const subs: string[] = []
  await withDatabase(server, async (untyped) => {
    const db = untyped as Kysely<Database>
    for (let from = 0; from < size; from += batch) {
      const indexes = Array.from({ length: Math.min(batch, size - from) }, (_, index) => from + index)
      await db.transaction().execute((db) => fill(db, UserPoolId, size, indexes, subs))
    }
    // PostgreSQL counts what it has by itself, some time after it has grown.
    if (store === 'postgres') await sql`analyze`.execute(db)
  })
  const half = nameOf(Math.floor(size / 2))
  const before = await ask(server, 'ListUsers', { UserPoolId, Limit: 1, Filter: `username ^= "${half}"` })
  if (before.Users.length !== 1) throw new Error('the pool is not full')
  return { UserPoolId, size, subs, middle: sealedKey(server, UserPoolId, half) }
}

const batch = 1000

async function fill(
  db: Kysely<Database>,
  pool_id: string,
  size: number,
  indexes: readonly number[],
  subs: string[],
) {
  const now = Date.now()
  const users = indexes.map((index) => {
    subs[index] = randomUUID()
    return {
      pool_id,
      username: nameOf(index),
      sub: subs[index],
      status: 'CONFIRMED',
      enabled: 1,
      created_at: now,
      modified_at: now,
      version: 1,
      password: null,
      mfa: '{"enabled":[],"legacySms":false}',
      signed_out_at: null,
    }
  })
  const attributes = indexes.flatMap((index) =>
    Object.entries({
      email: emailOf(index),
      email_verified: 'true',
      family_name: familyOf(index, size),
    }).map(([name, value]) => ({ pool_id, username: nameOf(index), name, value })),
  )
  const aliases = indexes.map((index) => ({
    pool_id,
    kind: 'email',
    value: emailOf(index),
    username: nameOf(index),
  }))
  await db.insertInto('users').values(users).execute()
  await db.insertInto('user_attributes').values(attributes).execute()
  await db.insertInto('user_aliases').values(aliases).execute()
  for (const { sub } of users) await countUser(db, { poolId: pool_id as PoolId, sub }, 1)
}

/** As flows/pages.ts seals the last key of a page. */
const sealedKey = ({ app }: TestServer, UserPoolId: string, username: string): string =>
  app.vault.seal(Buffer.from(username), `page of users ${UserPoolId} `)

/** Milliseconds. */
async function median(server: TestServer, query: Query, pool: Pool): Promise<number> {
  const times: number[] = []
  for (let count = -samples / 10; count < samples; count += 1) {
    const body = JSON.stringify({
      UserPoolId: pool.UserPoolId,
      ...query.input(pool, randomInt(pool.size)),
    })
    const from = performance.now()
    const { status, body: answer } = await callRaw(server, query.operation, body)
    const time = performance.now() - from
    if (status !== 200) throw new Error(`${query.operation} answered ${answer}`)
    if (count >= 0) times.push(time)
    // What takes seconds takes them every time.
    if (count === 0 && time > 500) return time
  }
  return times.toSorted((a, b) => a - b)[samples / 2] ?? Number.NaN
}

async function measure(store: StoreKind): Promise<void> {
  const server = await startServer({ store, site: { iam: 'off' } })
  try {
    const pools: Pool[] = []
    for (const size of sizes) {
      const from = performance.now()
      pools.push(await createPool(server, store, size))
      const seconds = (performance.now() - from) / 1000
      process.stderr.write(`${store}: ${size} users in ${seconds.toFixed(0)} s\n`)
    }
    for (const query of queries) {
      const medians: number[] = []
      for (const pool of pools) medians.push(await median(server, query, pool))
      const factor = (medians.at(-1) ?? 0) / (medians[0] ?? 1)
      const figures = [
        ...medians.map((value) => value.toFixed(2)),
        `${factor.toFixed(1)}${factor > 2 ? ' !' : ''}`,
      ]
      process.stdout.write(`| ${query.what} | ${store} | ${figures.join(' | ')} |\n`)
    }
  } finally {
    await server.stop()
  }
}

process.stdout.write(
  `Node ${process.version}, ${samples} calls a figure, medians in milliseconds\n\n` +
    `| call | store | ${sizes.map((size) => `${size.toLocaleString('en')} users`).join(' | ')} | factor |\n` +
    `|---|---|${sizes.map(() => '---|').join('')}---|\n`,
)
const postgres = stores.includes('postgres') ? await startPostgres() : undefined
if (postgres) process.env.COGNATE_TEST_DATABASE_URL = postgres.url
for (const store of stores) await measure(store)
await postgres?.stop()
