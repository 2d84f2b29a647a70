import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  createImportPool,
  createJob,
  csv,
  describeJob,
  logOf,
  person,
  startJob,
  upload,
} from '../../../test/imports.ts'
import { hours } from '../../lib/instant.ts'
import { sweep } from '../../server/chores.ts'

describe('DescribeUserImportJob', () => {
  onEachStore((server) => {
    test('a job that nobody starts expires after a day, and its file is gone', async () => {
      const UserPoolId = await createImportPool(server())
      const { JobId, PreSignedUrl } = await createJob(server(), UserPoolId)
      await upload(server(), PreSignedUrl, csv([person('ada')]))
      server().clock.now += hours(24)
      await sweep(server().app)
      assert.equal((await describeJob(server(), UserPoolId, JobId)).Status, 'Created')
      server().clock.now += 1
      await sweep(server().app)
      const job = await describeJob(server(), UserPoolId, JobId)
      assert.deepEqual(
        [job.Status, job.CompletionMessage, job.CompletionDate, job.StartDate],
        ['Expired', 'The user import job has expired.', new Date(server().clock.now), undefined],
      )
      assert.deepEqual(await logOf(server(), UserPoolId, JobId), [
        '[Expired] 0 imported, 0 skipped, 0 failed. The user import job has expired.',
      ])
      await assert.rejects(
        startJob(server(), UserPoolId, JobId),
        refusal(
          'PreconditionNotMetException',
          `User import job ${JobId} cannot be started. Status is Expired`,
        ),
      )
    })

    test("another pool's job is refused", async () => {
      const { JobId } = await createJob(server(), await createImportPool(server()))
      await assert.rejects(
        describeJob(server(), await createImportPool(server()), JobId),
        refusal('ResourceNotFoundException', `User import job ${JobId} does not exist.`),
      )
    })

    test('the log is for this machine, and of jobs that there are', async () => {
      const UserPoolId = await createImportPool(server())
      const { JobId } = await createJob(server(), UserPoolId)
      const read = (host: string, id = JobId) =>
        server().web(`/_cognate/imports/${UserPoolId}/${id}/log`, { headers: { host } })
      assert.equal(await (await read('localhost')).text(), '[Created] 0 imported, 0 skipped, 0 failed.\n')
      assert.equal((await read('evil.example')).status, 403)
      assert.equal((await read('localhost', 'import-none')).status, 404)
    })
  })
})
