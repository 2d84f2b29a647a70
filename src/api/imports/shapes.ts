import type { ImportJob as JobFacts } from '../../domain/import-job.ts'
import { uploadUrl } from '../../flows/imports.ts'
import type { App } from '../../ports/app.ts'
import { pattern } from '../../protocol/pattern.ts'
import { integer, type Output, oneOf, required, string, struct, timestamp } from '../../protocol/shape.ts'
import { Arn, UserPoolId } from '../shapes.ts'

export const JobName = string({ min: 1, max: 128, pattern: pattern('[\\w\\s+=,.@-]+') })
export const JobId = string({ min: 1, max: 55, pattern: pattern('import-[0-9a-zA-Z-]+') })
export const HashAlgorithm = oneOf('BCRYPT', 'SCRYPT', 'ARGON2ID', 'PBKDF2_SHA256')

/** How an operation names a job. */
export const oneJob = struct({ UserPoolId: required(UserPoolId), JobId: required(JobId) })

const count = integer({ kind: 'long' })

export const ImportJob = struct({
  JobName,
  JobId,
  UserPoolId,
  PreSignedUrl: string({ min: 0, max: 2048 }),
  CreationDate: timestamp,
  StartDate: timestamp,
  CompletionDate: timestamp,
  Status: oneOf('Created', 'Pending', 'InProgress', 'Stopping', 'Expired', 'Stopped', 'Failed', 'Succeeded'),
  CloudWatchLogsRoleArn: Arn,
  ImportedUsers: count,
  SkippedUsers: count,
  FailedUsers: count,
  CompletionMessage: string({ min: 1, max: 128, pattern: pattern('[\\w]+') }),
  PasswordHashingAlgorithm: HashAlgorithm,
})

export const shownJob = (app: Pick<App, 'site' | 'vault'>, job: JobFacts): Output<typeof ImportJob> => ({
  JobName: job.name,
  JobId: job.id,
  UserPoolId: job.poolId,
  PreSignedUrl: uploadUrl(app, job),
  CreationDate: job.createdAt,
  StartDate: job.startedAt,
  CompletionDate: job.completedAt,
  Status: job.status,
  CloudWatchLogsRoleArn: job.roleArn,
  ImportedUsers: job.imported,
  SkippedUsers: job.skipped,
  FailedUsers: job.failed,
  CompletionMessage: job.message,
  PasswordHashingAlgorithm: job.hashing,
})
