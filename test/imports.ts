/** Imports as a test makes them: a job, its file, its run, its log. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import {
  CreateUserImportJobCommand,
  type CreateUserImportJobCommandInput,
  DescribeUserImportJobCommand,
  StartUserImportJobCommand,
  type UserImportJobType,
} from '@aws-sdk/client-cognito-identity-provider'
import { runImports } from '../src/flows/import-run.ts'
import { createPool } from './fixtures.ts'
import type { TestServer } from './harness.ts'

export const CloudWatchLogsRoleArn = 'arn:aws:iam::123456789012:role/logs'

/** A pool whose users can be imported, unless the test wants another. */
export const createImportPool: typeof createPool = (server, input) =>
  createPool(server, { AutoVerifiedAttributes: ['email'], ...input })

/** The columns of a pool without custom attributes. */
export const columns = [
  ...['name', 'given_name', 'family_name', 'middle_name', 'nickname', 'preferred_username', 'profile'],
  ...['picture', 'website', 'email', 'email_verified', 'gender', 'birthdate', 'zoneinfo', 'locale'],
  ...['phone_number', 'phone_number_verified', 'address', 'updated_at'],
  ...['cognito:mfa_enabled', 'cognito:username', 'password_hash'],
]

export type Person = Readonly<Record<string, string>>

/** Somebody with a verified address, unless the test wants it otherwise. */
export const person = (name: string, over: Person = {}): Person => ({
  'cognito:username': name,
  email: `${name}@example.com`,
  email_verified: 'TRUE',
  ...over,
})

export const line = (one: Person, header: readonly string[] = columns): string =>
  header.map((column) => (one[column] ?? '').replaceAll(',', '\\,')).join(',')

/** A file of these people. */
export const csv = (people: readonly Person[], header: readonly string[] = columns): string =>
  [header.join(','), ...people.map((one) => line(one, header)), ''].join('\n')

export async function createJob(
  server: Pick<TestServer, 'client'>,
  UserPoolId: string,
  input: Partial<CreateUserImportJobCommandInput> = {},
): Promise<UserImportJobType & { JobId: string; PreSignedUrl: string }> {
  const { UserImportJob: job } = await server.client.send(
    new CreateUserImportJobCommand({ UserPoolId, JobName: 'test', CloudWatchLogsRoleArn, ...input }),
  )
  assert.ok(job?.JobId && job.PreSignedUrl)
  return { ...job, JobId: job.JobId, PreSignedUrl: job.PreSignedUrl }
}

/** Uploads to a server in this process. */
export function upload(
  server: TestServer,
  url: string,
  file: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  headers: Record<string, string> = { 'content-type': 'text/csv' },
): Promise<Response> {
  const { pathname, search } = new URL(url)
  const init = { method: 'PUT', body: file, headers, duplex: 'half' } as const
  return server.web(`${pathname}${search}`, init)
}

export async function startJob(
  { client }: Pick<TestServer, 'client'>,
  UserPoolId: string,
  JobId: string,
): Promise<UserImportJobType | undefined> {
  return (await client.send(new StartUserImportJobCommand({ UserPoolId, JobId }))).UserImportJob
}

export async function describeJob(
  { client }: Pick<TestServer, 'client'>,
  UserPoolId: string,
  JobId: string,
): Promise<UserImportJobType> {
  const { UserImportJob } = await client.send(new DescribeUserImportJobCommand({ UserPoolId, JobId }))
  assert.ok(UserImportJob)
  return UserImportJob
}

/** Runs what was started, as a node would. */
export const run = (server: TestServer, node = 'node'): Promise<void> =>
  runImports(server.app, node, new AbortController().signal)

/** Does something when so many transactions are through: the first marks a job as in progress, then each is a batch. */
export function afterWrite(t: TestContext, { app }: TestServer, nth: number, act: () => Promise<void>): void {
  const { store } = app
  const { transaction } = store
  let count = 0
  t.mock.method(store, 'transaction', async (work: Parameters<typeof transaction>[0]) => {
    const result = await transaction(work)
    count += 1
    if (count === nth) await act()
    return result
  })
}

/** The log as a person reads it. */
export async function logOf(server: TestServer, UserPoolId: string, JobId: string): Promise<string[]> {
  const answer = await server.web(`/_cognate/imports/${UserPoolId}/${JobId}/log`, {
    headers: { host: 'localhost' },
  })
  assert.equal(answer.status, 200)
  return (await answer.text()).trimEnd().split('\n')
}

/** A job from its creation to its end, with this file. */
export async function importFile(
  server: TestServer,
  UserPoolId: string,
  file: string | Uint8Array<ArrayBuffer>,
  input: Partial<CreateUserImportJobCommandInput> = {},
): Promise<{ job: UserImportJobType; log: string[] }> {
  const { JobId, PreSignedUrl } = await createJob(server, UserPoolId, input)
  assert.equal((await upload(server, PreSignedUrl, file)).status, 200)
  await startJob(server, UserPoolId, JobId)
  await run(server)
  return { job: await describeJob(server, UserPoolId, JobId), log: await logOf(server, UserPoolId, JobId) }
}

/** What became of a job, in few words. */
export const countsOf = ({ Status, ImportedUsers, SkippedUsers, FailedUsers }: UserImportJobType) => ({
  Status,
  ImportedUsers,
  SkippedUsers,
  FailedUsers,
})
