import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ListUserImportJobsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { createImportPool, createJob } from '../../../test/imports.ts'
import { minutes } from '../../lib/instant.ts'

describe('ListUserImportJobs', () => {
  onEachStore((server) => {
    const list = (UserPoolId: string, MaxResults: number, PaginationToken?: string) =>
      server().client.send(new ListUserImportJobsCommand({ UserPoolId, MaxResults, PaginationToken }))

    test('the last created first, a page at a time', async () => {
      const UserPoolId = await createImportPool(server())
      assert.deepEqual((await list(UserPoolId, 10)).UserImportJobs, [])
      const created: string[] = []
      for (let count = 0; count < 3; count += 1) {
        server().clock.now += minutes(1)
        created.unshift((await createJob(server(), UserPoolId, { JobName: `job ${count}` })).JobId)
      }
      const first = await list(UserPoolId, 2)
      const second = await list(UserPoolId, 2, first.PaginationToken)
      assert.deepEqual(
        [...(first.UserImportJobs ?? []), ...(second.UserImportJobs ?? [])].map(({ JobId }) => JobId),
        created,
      )
      assert.equal(first.UserImportJobs?.length, 2)
      assert.equal(second.PaginationToken, undefined)
      assert.equal(first.UserImportJobs?.[0]?.JobName, 'job 2')
    })

    test('fifty at most', async () => {
      const UserPoolId = await createImportPool(server())
      for (let count = 0; count < 51; count += 1) await createJob(server(), UserPoolId)
      const { UserImportJobs, PaginationToken } = await list(UserPoolId, 60)
      assert.equal(UserImportJobs?.length, 50)
      assert.equal((await list(UserPoolId, 60, PaginationToken)).UserImportJobs?.length, 1)
    })

    test('a token of another pool is refused', async () => {
      const UserPoolId = await createImportPool(server())
      for (let count = 0; count < 2; count += 1) await createJob(server(), UserPoolId)
      const { PaginationToken } = await list(UserPoolId, 1)
      await assert.rejects(
        list(await createImportPool(server()), 1, PaginationToken),
        refusal('InvalidParameterException', 'Invalid pagination token.'),
      )
    })
  })
})
