/**
 * How SQLite goes about every statement that the operations make: by an index down to what is asked for, or along one in the
 * order of a listing. It plans without having counted anything, so that what is true of an empty pool is true of a large one.
 */
import assert from 'node:assert/strict'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { mock, test } from 'node:test'
import { sql } from 'kysely'
import { operations } from '../src/api/registry.ts'
import { callRaw, startServer } from './harness.ts'
import { withDatabase } from './places.ts'
import { inputOf, requestsOf, rightValues } from './right-calls.ts'
import { Side } from './sides.ts'

/** Tables of which a pool has a handful of rows, and an installation one. */
const small =
  /^(installation|pools|pool_keys|user_counts|domains|replicas|running_imports|kysely_migration\w*)$/

/** What may read more, by how the statement begins, and why. */
const excused: Readonly<Record<string, string>> = {
  'select count(*) as "total" from': 'of what there is a quota of, when another is created',
  'select * from "messages" order by': 'of all pools, for whoever looks into the inbox, and along an index',
  'select * from "token_sessions" where "pool_id" = ? and "username" = ?': 'of one user, a hundred at most',
  'select * from "sso_sessions" where "pool_id" = ? and "username" = ?': 'of one user',
  'delete from "auth_sessions" where "pool_id" = ? and "client_id" = ?': 'when a client is deleted',
  'delete from "token_sessions" where "pool_id" = ? and "client_id" = ?': 'when a client is deleted',
}

/** What is wrong with a step of a plan. */
function complaint(statement: string, step: string): string | undefined {
  const isListing = /order by .* limit \?$/.test(statement)
  const [, how, table = '', columns = ''] = /^(SCAN|SEARCH) ([a-z]\w*)(?:.*\((.*)\))?/.exec(step) ?? []
  if (small.test(table)) return undefined
  if (how === 'SCAN') return 'reads a whole table'
  if (how === 'SEARCH' && columns === 'pool_id=?' && !isListing) return 'reads a whole pool'
  if (step.startsWith('USE TEMP B-TREE FOR') && isListing) return 'puts in order what a page is of'
  return undefined
}

/** Whether it is about all of a pool: it goes with everything that is in it. */
const isAboutPool = (statement: string) => /^delete from "\w+" where "pool_id" = \?$/.test(statement)

const searches = ['username', 'sub', 'status', 'cognito:user_status', 'email', 'name']

test('no statement reads more than it is about', async () => {
  const statements = new Set<string>()
  const { prepare } = DatabaseSync.prototype
  mock.method(DatabaseSync.prototype, 'prepare', function (this: DatabaseSync, text: string): StatementSync {
    statements.add(text)
    return prepare.call(this, text)
  })
  const server = await startServer({ site: { iam: 'off' } })
  try {
    const plain = statements.size
    for (const operation of operations.values()) {
      for (const request of requestsOf(operation)) {
        const side = await Side.create(server, 'here')
        const input = inputOf(operation, await rightValues(side, operation, request))
        await callRaw(server, operation.name, JSON.stringify(input))
      }
    }
    const side = await Side.create(server, 'searched')
    for (const name of ['one', 'two', 'three']) await side.user(name)
    for (const attribute of searches) {
      for (const operator of ['=', '^=']) {
        const search = { Filter: `${attribute} ${operator} "${operator === '=' ? 'Enabled' : ''}"`, Limit: 1 }
        const { PaginationToken } = await side.ask('ListUsers', search)
        if (PaginationToken) await side.ask('ListUsers', { ...search, PaginationToken })
      }
    }
    assert.ok(statements.size > plain + 100)

    const wrong: string[] = []
    const used = new Set<string>()
    await withDatabase(server, async (db) => {
      for (const statement of statements) {
        if (!/^(select|insert|update|delete) /.test(statement) || statement.includes('sqlite_master'))
          continue
        if (isAboutPool(statement)) continue
        const excuse = Object.keys(excused).find((beginning) => statement.startsWith(beginning))
        if (excuse !== undefined) used.add(excuse)
        const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(statement)}`.execute(db)
        for (const { detail } of rows) {
          const found = complaint(statement, detail)
          if (found !== undefined && excuse === undefined) wrong.push(`${statement}\n  ${found}: ${detail}`)
        }
      }
    })
    assert.deepEqual(wrong, [])
    assert.deepEqual([...used].toSorted(), Object.keys(excused).toSorted())
  } finally {
    await server.stop()
  }
})
