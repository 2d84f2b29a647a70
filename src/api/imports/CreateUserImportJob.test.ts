import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CreateUserImportJobCommand } from '@aws-sdk/client-cognito-identity-provider'
import { refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  CloudWatchLogsRoleArn,
  createImportPool,
  createJob,
  csv,
  describeJob,
  importFile,
  person,
  run,
  startJob,
  upload,
} from '../../../test/imports.ts'
import { newImportJob } from '../../../test/rows.ts'
import type { UserPoolId } from '../../domain/ids.ts'
import { minutes } from '../../lib/instant.ts'

describe('CreateUserImportJob', () => {
  onEachStore((server) => {
    test('a job as the developer guide shows one', async () => {
      const UserPoolId = await createImportPool(server())
      const { JobId, PreSignedUrl, ...job } = await createJob(server(), UserPoolId, {
        JobName: 'first, of all',
        PasswordHashingAlgorithm: 'BCRYPT',
      })
      assert.deepEqual(job, {
        JobName: 'first, of all',
        UserPoolId,
        CreationDate: new Date(server().clock.now),
        Status: 'Created',
        CloudWatchLogsRoleArn,
        ImportedUsers: 0,
        SkippedUsers: 0,
        FailedUsers: 0,
        PasswordHashingAlgorithm: 'BCRYPT',
      })
      assert.match(JobId, /^import-[A-Za-z0-9]{10}$/)
      const expires = server().clock.now + minutes(15)
      const [address, signature = ''] = PreSignedUrl.split('&signature=')
      assert.equal(
        address,
        `http://localhost:9229/_cognate/imports/${UserPoolId}/${JobId}?expires=${expires}`,
      )
      assert.match(signature, /^[0-9a-f]{64}$/)
      assert.deepEqual(await describeJob(server(), UserPoolId, JobId), {
        ...job,
        JobId,
        PreSignedUrl,
      })
      assert.deepEqual(await server().sent(), [])
    })

    test('no more than a thousand in a pool', async () => {
      const UserPoolId = await createImportPool(server())
      await server().app.store.transaction(async (store) => {
        for (let count = 0; count < 999; count += 1)
          await store.imports.create(newImportJob(UserPoolId as UserPoolId))
      })
      await createJob(server(), UserPoolId)
      await assert.rejects(
        server().client.send(
          new CreateUserImportJobCommand({ UserPoolId, JobName: 'more', CloudWatchLogsRoleArn }),
        ),
        refusal(
          'LimitExceededException',
          'The limit of 1000 user import jobs in a user pool has been reached.',
        ),
      )
    })

    describe('the address of the file', () => {
      const file = csv([person('ada')])
      const setUp = async () => {
        const UserPoolId = await createImportPool(server())
        return { ...(await createJob(server(), UserPoolId)), UserPoolId }
      }
      const refused = async (answer: Response, status: number, message: string) => {
        assert.equal(answer.status, status)
        assert.deepEqual(await answer.json(), { message })
      }

      test('takes the file as curl sends it', async () => {
        const { PreSignedUrl } = await setUp()
        const answer = await upload(server(), PreSignedUrl, file, {
          'x-amz-server-side-encryption': 'aws:kms',
          'content-type': 'application/octet-stream',
        })
        assert.equal(answer.status, 200)
        assert.equal(await answer.text(), '')
      })

      test('takes another in the place of the first, and the last one counts', async () => {
        const { UserPoolId, JobId, PreSignedUrl } = await setUp()
        await upload(server(), PreSignedUrl, csv([person('old')]))
        await upload(server(), PreSignedUrl, csv([person('new')]))
        await startJob(server(), UserPoolId, JobId)
        await run(server())
        const { store } = server().app
        const users = await store.users.page(UserPoolId as UserPoolId, undefined, { limit: 10 })
        assert.deepEqual(
          users.map(({ username }) => username),
          ['new'],
        )
      })

      test('is good for fifteen minutes', async () => {
        const { PreSignedUrl } = await setUp()
        const { now } = server().clock
        server().clock.now = now + minutes(15) - 1
        assert.equal((await upload(server(), PreSignedUrl, file)).status, 200)
        server().clock.now = now + minutes(15)
        await refused(
          await upload(server(), PreSignedUrl, file),
          403,
          'The address is not valid, or not any more.',
        )
      })

      test('is good for its job alone, and cannot be made longer', async () => {
        const { UserPoolId, JobId, PreSignedUrl } = await setUp()
        const other = await createJob(server(), UserPoolId)
        const expires = new URL(PreSignedUrl).searchParams.get('expires') ?? ''
        for (const forged of [
          PreSignedUrl.replace(JobId, other.JobId),
          PreSignedUrl.replace(expires, `${Number(expires) + 1}`),
          PreSignedUrl.replace(expires, 'Infinity'),
          PreSignedUrl.replace(/signature=.*/, ''),
          PreSignedUrl.slice(0, -1),
        ])
          await refused(
            await upload(server(), forged, file),
            403,
            'The address is not valid, or not any more.',
          )
      })

      test('takes no form', async () => {
        const { PreSignedUrl } = await setUp()
        for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
          await refused(
            await upload(server(), PreSignedUrl, file, { 'content-type': type }),
            415,
            'Send the CSV file as it is, as text/csv.',
          )
      })

      test('takes no file once the job is started', async () => {
        const { UserPoolId, JobId, PreSignedUrl } = await setUp()
        await upload(server(), PreSignedUrl, file)
        await startJob(server(), UserPoolId, JobId)
        await refused(
          await upload(server(), PreSignedUrl, file),
          409,
          'The import job takes no file any more.',
        )
        await run(server())
      })

      test('takes no more than 100 MB, announced or not, and keeps nothing of it', async () => {
        const { UserPoolId, JobId, PreSignedUrl } = await setUp()
        const tooLarge = 'A CSV file may have 100 MB.'
        await refused(
          await upload(server(), PreSignedUrl, 'x', { 'content-length': '104857601' }),
          413,
          tooLarge,
        )
        const piece = new Uint8Array(4 * 1024 * 1024)
        let sent = 0
        const endless = new ReadableStream<Uint8Array>({
          pull(controller) {
            sent += piece.length
            controller.enqueue(piece)
          },
        })
        await refused(await upload(server(), PreSignedUrl, endless, {}), 413, tooLarge)
        assert.ok(sent <= 30 * piece.length, `${sent} bytes were read`)
        await assert.rejects(
          startJob(server(), UserPoolId, JobId),
          refusal('PreconditionNotMetException', `No csv file was uploaded for ${JobId}`),
        )
      })

      test('keeps nothing of an upload that breaks off', async () => {
        const { UserPoolId, JobId, PreSignedUrl } = await setUp()
        await upload(server(), PreSignedUrl, file)
        const gone = new AbortController()
        const broken = new ReadableStream<Uint8Array>({
          pull(controller) {
            controller.enqueue(new Uint8Array(300 * 1024))
            gone.abort()
            controller.error(new Error('broken off'))
          },
        })
        const { pathname, search } = new URL(PreSignedUrl)
        const init = { method: 'PUT', body: broken, duplex: 'half', signal: gone.signal } as const
        const answer = await server().web(`${pathname}${search}`, init)
        await refused(answer, 400, 'The upload was broken off.')
        await startJob(server(), UserPoolId, JobId)
        await run(server())
        assert.equal((await describeJob(server(), UserPoolId, JobId)).ImportedUsers, 1)
      })
    })

    test('the file is sealed while it waits, and deleted when it was read', async () => {
      const UserPoolId = await createImportPool(server())
      const { JobId, PreSignedUrl } = await createJob(server(), UserPoolId)
      await upload(server(), PreSignedUrl, csv([person('ada')]))
      const { imports } = server().app.store
      const { upload: stored } = (await imports.find(UserPoolId as UserPoolId, JobId)) ?? assert.fail()
      const of = { poolId: UserPoolId as UserPoolId, jobId: JobId, upload: stored?.id ?? '', number: 0 }
      assert.match(Buffer.from((await imports.chunk(of)) ?? []).toString(), /ada@example\.com/)
      await startJob(server(), UserPoolId, JobId)
      await run(server())
      assert.equal(await imports.chunk(of), undefined)
    })

    test('a pool goes with its jobs', async () => {
      const UserPoolId = await createImportPool(server())
      await importFile(server(), UserPoolId, csv([person('ada'), person('ada')]))
      await server().app.store.pools.delete(UserPoolId as UserPoolId)
      assert.deepEqual(await server().app.store.imports.page(UserPoolId as UserPoolId, { limit: 1 }), [])
    })
  })
})
