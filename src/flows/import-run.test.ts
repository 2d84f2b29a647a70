import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onEachStore } from '../../test/harness.ts'
import {
  afterWrite,
  countsOf,
  createImportPool,
  createJob,
  csv,
  describeJob,
  logOf,
  person,
  run,
  startJob,
  upload,
} from '../../test/imports.ts'
import { newUser } from '../../test/rows.ts'
import type { UserPoolId } from '../domain/ids.ts'
import { seconds } from '../lib/instant.ts'
import type { Tables } from '../ports/store.ts'
import { runImports } from './import-run.ts'

describe('an import', () => {
  onEachStore((server) => {
    const people = (count: number) => Array.from({ length: count }, (_, index) => person(`user${index}`))
    const started = async (users = people(175)) => {
      const UserPoolId = await createImportPool(server(), { AliasAttributes: ['email'] })
      const { JobId, PreSignedUrl } = await createJob(server(), UserPoolId)
      await upload(server(), PreSignedUrl, csv(users))
      await startJob(server(), UserPoolId, JobId)
      return { UserPoolId, JobId }
    }
    const imported = async ({ UserPoolId, JobId }: { UserPoolId: string; JobId: string }, users = 175) => {
      assert.deepEqual(countsOf(await describeJob(server(), UserPoolId, JobId)), {
        Status: 'Succeeded',
        ImportedUsers: users,
        SkippedUsers: 0,
        FailedUsers: 0,
      })
      assert.equal(await server().app.store.users.count(UserPoolId as UserPoolId), users)
    }
    const endless = new AbortController().signal

    test('is run by one of many nodes', async () => {
      const job = await started()
      await Promise.all(['one', 'two', 'three'].map((node) => run(server(), node)))
      await imported(job)
    })

    test('whose node dies waits for its lease to end, and goes on where it stood', async (t) => {
      const job = await started()
      const { store } = server().app
      let dead = false
      const { transaction } = store
      t.mock.method(store, 'transaction', async (work: Parameters<typeof transaction>[0]) => {
        if (dead) throw new Error('dead')
        return transaction(work)
      })
      const journal = { ...server().app.journal, error: () => {} }
      const app = { ...server().app, journal }
      const done = dyingAfter(2)
      t.mock.method(
        store.pools,
        'find',
        done.wrap(store.pools.find, () => {
          dead = true
        }),
      )
      await assert.rejects(runImports(app, 'dying', endless), /dead/)
      t.mock.restoreAll()
      assert.equal((await describeJob(server(), job.UserPoolId, job.JobId)).ImportedUsers, 50)

      server().clock.now += seconds(15) - 1
      await run(server(), 'other')
      assert.equal((await describeJob(server(), job.UserPoolId, job.JobId)).Status, 'InProgress')
      server().clock.now += 1
      await run(server(), 'other')
      await imported(job)
    })

    test('whose node is only slow is written by nobody twice', async (t) => {
      const job = await started()
      const { store } = server().app
      const { transaction } = store
      let count = 0
      t.mock.method(store, 'transaction', async (work: Parameters<typeof transaction>[0]) => {
        count += 1
        if (count === 3) {
          // The slow node has read its batch; while it sleeps another takes over and runs to the end.
          server().clock.now += seconds(15)
          await run(server(), 'quick')
        }
        return transaction(work)
      })
      await runImports(server().app, 'slow', endless)
      await imported(job)
    })

    test('is left by a node that stops to the next that asks, at once', async (t) => {
      const job = await started()
      const stopping = new AbortController()
      afterWrite(t, server(), 2, async () => stopping.abort())
      await runImports(server().app, 'stopping', stopping.signal)
      assert.equal((await describeJob(server(), job.UserPoolId, job.JobId)).ImportedUsers, 50)
      await run(server(), 'next')
      await imported(job)
    })

    test('whose pool goes ends without a word', async (t) => {
      const { UserPoolId, JobId } = await started()
      const { store } = server().app
      afterWrite(t, server(), 2, () => store.pools.delete(UserPoolId as UserPoolId))
      await run(server())
      assert.equal(await store.users.count(UserPoolId as UserPoolId), 0)
      assert.equal(await store.imports.find(UserPoolId as UserPoolId, JobId), undefined)
      const next = await started(people(3))
      await run(server())
      await imported(next, 3)
    })

    test('whose file is not whole fails', async () => {
      const { UserPoolId, JobId } = await started(people(1))
      await server().app.store.imports.deleteChunks(UserPoolId as UserPoolId, JobId)
      await run(server())
      const job = await describeJob(server(), UserPoolId, JobId)
      assert.deepEqual([job.Status, job.CompletionMessage], ['Failed', 'The CSV file is incomplete.'])
    })

    test('goes on after a user with whom something went wrong inside', async (t) => {
      const { UserPoolId, JobId } = await started(people(60))
      const { store } = server().app
      const { transaction } = store
      t.mock.method(store, 'transaction', <T>(work: (tables: Tables) => Promise<T>) =>
        transaction((tables) => {
          const create: typeof tables.users.create = (user, aliases) =>
            user.username === 'user7'
              ? Promise.reject(new Error('broken'))
              : tables.users.create(user, aliases)
          return work({ ...tables, users: { ...tables.users, create } })
        }),
      )
      const errors: unknown[] = []
      const journal = { ...server().app.journal, error: (_: string, facts?: object) => errors.push(facts) }
      await runImports({ ...server().app, journal }, 'node', endless)
      assert.deepEqual(await logOf(server(), UserPoolId, JobId), [
        '[FAILED] Line Number 9 - Internal error.',
        '[Succeeded] 59 imported, 0 skipped, 1 failed. Import Job Completed Successfully.',
      ])
      assert.deepEqual(
        errors.map((facts) => ({ ...(facts as object), error: undefined })),
        [{ poolId: UserPoolId, jobId: JobId, line: 9, error: undefined }],
      )
    })

    test('meets whoever takes an address at the same moment', async (t) => {
      const { UserPoolId, JobId } = await started([
        person('ada'),
        person('bob'),
        person('eve'),
        person('kim'),
      ])
      const { store } = server().app
      const { transaction } = store
      let first = true
      t.mock.method(store, 'transaction', <T>(work: (tables: Tables) => Promise<T>) =>
        transaction((tables) => {
          // Not there when it was looked for, there when it is written.
          const findByAlias: typeof tables.users.findByAlias = async (poolId, alias) => {
            const late = first && alias.value === 'bob@example.com'
            if (late) first = false
            return late ? undefined : tables.users.findByAlias(poolId, alias)
          }
          return work({ ...tables, users: { ...tables.users, findByAlias } })
        }),
      )
      const poolId = UserPoolId as UserPoolId
      await store.users.create(newUser(poolId, 'early'), [{ kind: 'email', value: 'bob@example.com' }])
      await run(server())
      assert.equal(first, false)
      assert.deepEqual((await logOf(server(), UserPoolId, JobId)).slice(0, -1), [
        '[SKIPPED] Line Number 3 - The user already exists.',
      ])
      assert.equal(await store.users.count(poolId), 4)
    })
  })
})

/** Calls `act` with the call after so many, and lets that one through. */
function dyingAfter(calls: number) {
  let count = 0
  return {
    wrap<A extends unknown[], R>(method: (...given: A) => R, act: () => void) {
      return (...given: A): R => {
        count += 1
        if (count > calls + 1) act()
        return method(...given)
      }
    },
  }
}
