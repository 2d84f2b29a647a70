import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StopUserImportJobCommand } from '@aws-sdk/client-cognito-identity-provider'
import { refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  afterWrite,
  countsOf,
  createImportPool,
  createJob,
  csv,
  describeJob,
  person,
  run,
  startJob,
  upload,
} from '../../../test/imports.ts'
import { runImports } from '../../flows/import-run.ts'

const byDeveloper = 'The Import Job was stopped by the developer.'

describe('StopUserImportJob', () => {
  onEachStore((server) => {
    const stop = async (UserPoolId: string, JobId: string) =>
      (await server().client.send(new StopUserImportJobCommand({ UserPoolId, JobId }))).UserImportJob
    const started = async (users: number) => {
      const UserPoolId = await createImportPool(server())
      const { JobId, PreSignedUrl } = await createJob(server(), UserPoolId)
      const people = Array.from({ length: users }, (_, index) => person(`user${index}`))
      await upload(server(), PreSignedUrl, csv(people))
      await startJob(server(), UserPoolId, JobId)
      return { UserPoolId, JobId }
    }

    test('a job that waits is stopped at once, and makes room for another', async () => {
      const { UserPoolId, JobId } = await started(1)
      const job = await stop(UserPoolId, JobId)
      assert.equal(job?.Status, 'Stopped')
      assert.equal(job?.CompletionMessage, byDeveloper)
      assert.deepEqual(job?.CompletionDate, new Date(server().clock.now))
      assert.deepEqual(await describeJob(server(), UserPoolId, JobId), job)
      await run(server())
      assert.equal((await describeJob(server(), UserPoolId, JobId)).ImportedUsers, 0)
      await started(1)
      await run(server())
    })

    test('one that runs is stopped after the users at hand', async (t) => {
      const { UserPoolId, JobId } = await started(175)
      afterWrite(t, server(), 2, async () => {
        assert.equal((await stop(UserPoolId, JobId))?.Status, 'Stopping')
        assert.equal((await stop(UserPoolId, JobId))?.Status, 'Stopping')
      })
      await run(server())
      const job = await describeJob(server(), UserPoolId, JobId)
      assert.deepEqual(countsOf(job), {
        Status: 'Stopped',
        ImportedUsers: 50,
        SkippedUsers: 0,
        FailedUsers: 0,
      })
      assert.equal(job.CompletionMessage, byDeveloper)
    })

    test('also when its node has left it', async (t) => {
      const { UserPoolId, JobId } = await started(60)
      const leaving = new AbortController()
      afterWrite(t, server(), 1, async () => leaving.abort())
      await runImports(server().app, 'leaving', leaving.signal)
      assert.equal((await describeJob(server(), UserPoolId, JobId)).Status, 'InProgress')
      assert.equal((await stop(UserPoolId, JobId))?.Status, 'Stopping')
      await run(server())
      assert.equal((await describeJob(server(), UserPoolId, JobId)).Status, 'Stopped')
    })

    test('what is not under way is refused', async () => {
      const UserPoolId = await createImportPool(server())
      await assert.rejects(
        stop(UserPoolId, 'import-none'),
        refusal('ResourceNotFoundException', 'User import job import-none does not exist.'),
      )
      const { JobId, PreSignedUrl } = await createJob(server(), UserPoolId)
      const refused = (status: string) =>
        refusal(
          'PreconditionNotMetException',
          `User import job ${JobId} cannot be stopped. Status is ${status}`,
        )
      await assert.rejects(stop(UserPoolId, JobId), refused('Created'))
      await upload(server(), PreSignedUrl, csv([person('ada')]))
      await startJob(server(), UserPoolId, JobId)
      await run(server())
      await assert.rejects(stop(UserPoolId, JobId), refused('Succeeded'))
    })
  })
})
