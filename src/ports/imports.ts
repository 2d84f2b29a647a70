import type { UserPoolId } from '../domain/ids.ts'
import type { ImportJob, ImportLine } from '../domain/import-job.ts'
import type { Instant } from '../lib/instant.ts'

/** One piece of an uploaded file: in the store, so that every node can run the job. */
export interface ImportChunk {
  readonly poolId: UserPoolId
  readonly jobId: string
  /** Which of the uploads of the job. */
  readonly upload: string
  readonly number: number
  readonly bytes: Uint8Array
}

/** The one import that an account may have under way. */
export interface RunningImport {
  readonly account: string
  readonly poolId: UserPoolId
  readonly jobId: string
}

export interface Imports {
  readonly find: (poolId: UserPoolId, id: string) => Promise<ImportJob | undefined>
  /** Newest first; a key is the time and the id of a job, with a space between. */
  readonly page: (
    poolId: UserPoolId,
    page: { readonly after?: string; readonly limit: number },
  ) => Promise<ImportJob[]>
  /** How many a pool has; nobody else creates one before the transaction ends. @throws StaleRow when the pool is gone */
  readonly hold: (poolId: UserPoolId) => Promise<number>
  readonly create: (job: ImportJob) => Promise<void>
  /** @throws StaleRow */
  readonly save: (job: ImportJob) => Promise<void>
  /** Those that were created before and never started. */
  readonly unstarted: (before: Instant, limit: number) => Promise<ImportJob[]>

  readonly putChunk: (chunk: ImportChunk) => Promise<void>
  readonly chunk: (chunk: Omit<ImportChunk, 'bytes'>) => Promise<Uint8Array | undefined>
  /** Of one upload, or of all. */
  readonly deleteChunks: (poolId: UserPoolId, jobId: string, upload?: string) => Promise<void>

  readonly log: (poolId: UserPoolId, jobId: string, lines: readonly ImportLine[]) => Promise<void>
  /** In order of line. */
  readonly logPage: (poolId: UserPoolId, jobId: string, after: number, limit: number) => Promise<ImportLine[]>

  /** Makes it the account's import; false when it has one. */
  readonly occupy: (running: RunningImport) => Promise<boolean>
  /** The account has none any more, if this was it. */
  readonly vacate: (running: RunningImport) => Promise<void>
  /** Whether a pool's users are being imported. */
  readonly isRunning: (poolId: UserPoolId) => Promise<boolean>
  /** Hands the account's import to a node until `until`, if nobody else has it. Of any number that ask one gets it. */
  readonly lease: (
    account: string,
    node: string,
    now: Instant,
    until: Instant,
  ) => Promise<RunningImport | undefined>
  /** Prolongs a node's lease; false when it has none. Nobody else takes it before the transaction ends. */
  readonly renew: (running: RunningImport, node: string, until: Instant) => Promise<boolean>
}
