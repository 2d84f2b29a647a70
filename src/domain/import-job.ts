import { days, type Instant, minutes } from '../lib/instant.ts'
import { Fault } from './faults.ts'
import type { UserPoolId } from './ids.ts'
import type { HashAlgorithm } from './password-hash.ts'

export type ImportStatus =
  | 'Created'
  | 'Pending'
  | 'InProgress'
  | 'Stopping'
  | 'Expired'
  | 'Stopped'
  | 'Failed'
  | 'Succeeded'

/** One file of users on its way into a pool. */
export interface ImportJob {
  readonly poolId: UserPoolId
  readonly id: string
  readonly name: string
  readonly roleArn: string
  /** What made the hashes in the column `password_hash`; without it the file has none. */
  readonly hashing?: HashAlgorithm
  readonly status: ImportStatus
  readonly createdAt: Instant
  readonly startedAt?: Instant
  readonly completedAt?: Instant
  readonly message?: string
  readonly imported: number
  readonly skipped: number
  readonly failed: number
  /** How many lines of the file are done, the header among them: where a node that takes over goes on. */
  readonly lines: number
  /** The file, once it is whole. */
  readonly upload?: Upload
  readonly version: number
}

export interface Upload {
  readonly id: string
  readonly chunks: number
}

/** "Import jobs per user pool" and the limits of a file (developer guide, quotas and import tool). */
export const mostJobs = 1000
export const mostUsers = 500_000
export const mostBytes = 100 * 1024 * 1024

/** "Valid for 15 minutes" (developer guide). */
export const uploadTime = minutes(15)

/** A job that is not started "within 24-48 hours" expires (developer guide). */
export const startTime = days(1)

/** Texts of the developer guide's and the API reference's examples. */
const messages = {
  Succeeded: 'Import Job Completed Successfully.',
  Stopped: 'The Import Job was stopped by the developer.',
  Expired: 'The user import job has expired.',
  Failed: 'Too many users have failed or been skipped during the import.',
} as const

/**
 * The job as it is started. The first text is a capture (amplify-js#6416), the second ours: a job is started once.
 * @throws Fault PreconditionNotMet
 */
export function started(job: ImportJob, now: Instant): ImportJob {
  if (job.status !== 'Created')
    throw new Fault(
      'PreconditionNotMet',
      `User import job ${job.id} cannot be started. Status is ${job.status}`,
    )
  if (job.upload === undefined)
    throw new Fault('PreconditionNotMet', `No csv file was uploaded for ${job.id}`)
  return { ...job, status: 'Pending', startedAt: now }
}

/**
 * The job as a request to stop leaves it: who runs one that is in progress stops it after the users at hand. The text is
 * ours.
 * @throws Fault PreconditionNotMet
 */
export function stopped(job: ImportJob, now: Instant): ImportJob {
  if (job.status === 'Pending') return ended(job, 'Stopped', now)
  if (job.status === 'InProgress' || job.status === 'Stopping') return { ...job, status: 'Stopping' }
  throw new Fault(
    'PreconditionNotMet',
    `User import job ${job.id} cannot be stopped. Status is ${job.status}`,
  )
}

/** The job at its end. A message that is given says why it failed. */
export function ended(
  job: ImportJob,
  status: keyof typeof messages,
  now: Instant,
  message: string = messages[status],
): ImportJob {
  return { ...job, status, completedAt: now, message }
}

/**
 * A job whose file is at its end. AWS tells no number for "too many": of 100 users one may fail (API reference,
 * DescribeUserImportJob), of 46 not 32 (cognito-user-profiles-export-reference-architecture#9). Taken to be: more than
 * were imported.
 */
export function concluded(job: ImportJob, now: Instant): ImportJob {
  return ended(job, job.failed + job.skipped > job.imported ? 'Failed' : 'Succeeded', now)
}

/** Whether somebody runs it or is about to. */
export const isActive = ({ status }: ImportJob): boolean =>
  status === 'Pending' || status === 'InProgress' || status === 'Stopping'

/** What became of one user of the file. */
export interface ImportLine {
  /** The line of the file; the header is the first. */
  readonly line: number
  readonly outcome: 'SKIPPED' | 'FAILED'
  readonly text: string
}

/** In the words of the log that AWS keeps (developer guide, "Viewing the user pool import results"). */
export const spelled = ({ line, outcome, text }: ImportLine): string =>
  `[${outcome}] Line Number ${line} - ${text}`
