/** A file of 20,000 users goes in, and never much of it is in memory. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { UserPoolId } from '../../src/domain/ids.ts'
import { runImports } from '../../src/flows/import-run.ts'
import { onEachStore } from '../harness.ts'
import {
  columns,
  countsOf,
  createImportPool,
  createJob,
  describeJob,
  line,
  logOf,
  person,
  startJob,
  upload,
} from '../imports.ts'

const users = 20_000
const mebibyte = 1_048_576
/** Bulk that is read, sealed, opened and split like anything else, and refused: the store need not take it as well. */
const bulk = 'x'.repeat(2000)

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
/** What is alive. */
function living(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Every tenth is imported, every other has a row that is too long to be a user's. */
function* file(): Generator<string> {
  yield `${columns.join(',')}\n`
  for (let number = 0; number < users; number += 1) {
    const address = number % 10 === 0 ? '' : bulk.repeat(number % 10 === 1 ? 14 : 1)
    yield `${line(person(`user${number}`, { address, ...(address !== '' && { email_verified: '' }) }))}\n`
  }
}

describe('a large import', () => {
  onEachStore((server) => {
    test(`of ${users} users`, { timeout: 120_000 }, async (t) => {
      const UserPoolId = await createImportPool(server())
      const { JobId, PreSignedUrl } = await createJob(server(), UserPoolId)
      const before = living()
      let most = 0
      const look = () => {
        most = Math.max(most, living() - before)
      }

      const rows = file()
      let bytes = 0
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const { value, done } = rows.next()
          if (done) return controller.close()
          const piece = Buffer.from(value)
          if (Math.floor((bytes + piece.length) / (4 * mebibyte)) > Math.floor(bytes / (4 * mebibyte))) look()
          bytes += piece.length
          controller.enqueue(piece)
        },
      })
      assert.equal((await upload(server(), PreSignedUrl, body)).status, 200)
      const afterUpload = most

      await startJob(server(), UserPoolId, JobId)
      // No mock: that would keep what it has seen.
      const { app } = server()
      const { store } = app
      const imports: typeof store.imports = {
        ...store.imports,
        chunk(of) {
          if (of.number % 16 === 0) look()
          return store.imports.chunk(of)
        },
      }
      await runImports({ ...app, store: { ...store, imports } }, 'node', new AbortController().signal)

      const job = await describeJob(server(), UserPoolId, JobId)
      assert.deepEqual(countsOf(job), {
        Status: 'Failed',
        ImportedUsers: users / 10,
        SkippedUsers: 0,
        FailedUsers: (users / 10) * 9,
      })
      assert.equal(await server().app.store.users.count(UserPoolId as UserPoolId), users / 10)
      assert.equal((await logOf(server(), UserPoolId, JobId)).length, (users / 10) * 9 + 1)
      const told = (count: number) => `${(count / mebibyte).toFixed(1)} MiB`
      t.diagnostic(`a file of ${told(bytes)}: ${told(afterUpload)} while it came, ${told(most)} in all`)
      assert.ok(bytes > 80 * mebibyte && bytes < 100 * mebibyte)
      assert.ok(most < 40 * mebibyte, told(most))
    })
  })
})
