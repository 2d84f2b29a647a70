import { Fault } from '../domain/faults.ts'
import { poolIdAlphabet, spell } from '../domain/ids.ts'
import {
  ended,
  type ImportJob,
  mostJobs,
  started,
  startTime,
  stopped,
  uploadTime,
} from '../domain/import-job.ts'
import { canImport } from '../domain/import-user.ts'
import type { HashAlgorithm } from '../domain/password-hash.ts'
import type { Pool } from '../domain/pool.ts'
import type { Instant } from '../lib/instant.ts'
import { Secret } from '../lib/secret.ts'
import type { App } from '../ports/app.ts'
import { StaleRow, type Store, type Tables } from '../ports/store.ts'

export interface NewImport {
  readonly name: string
  readonly roleArn: string
  readonly hashing?: HashAlgorithm
}

/** @throws Fault TooMany */
export async function createImport(app: App, pool: Pool, asked: NewImport, now: Instant): Promise<ImportJob> {
  const job: ImportJob = {
    ...asked,
    poolId: pool.id,
    id: `import-${spell(poolIdAlphabet, 10, app.random.bytes)}`,
    status: 'Created',
    createdAt: now,
    imported: 0,
    skipped: 0,
    failed: 0,
    lines: 0,
    version: 1,
  }
  await app.store.transaction(async (store) => {
    if ((await store.imports.hold(pool.id)) >= mostJobs)
      throw new Fault('TooMany', 'user import jobs in a user pool', mostJobs)
    await store.imports.create(job)
  })
  return job
}

/** @throws Fault ImportJobNotFound */
export async function findImport(store: Tables, pool: Pool, id: string): Promise<ImportJob> {
  const job = await store.imports.find(pool.id, id)
  if (job === undefined) throw new Fault('ImportJobNotFound', id)
  return job
}

/**
 * Hands a job to whoever runs imports. "Only one import job can be active at a time per account" and "if the user pool has
 * no auto-verified attributes, the import job will not start", says the developer guide; both texts are ours.
 * @throws Fault ImportJobNotFound, PreconditionNotMet
 */
export async function startImport(app: App, pool: Pool, id: string, now: Instant): Promise<ImportJob> {
  const job = await findImport(app.store, pool, id)
  const pending = started(job, now)
  if (!canImport(pool)) {
    throw new Fault(
      'PreconditionNotMet',
      `User pool ${pool.id} has no auto verified attributes, and users cannot be imported.`,
    )
  }
  await app.store.transaction(async (store) => {
    if (!(await store.imports.occupy({ account: app.site.accountId, poolId: pool.id, jobId: id })))
      throw new Fault('PreconditionNotMet', 'Only one user import job can be active at a time per account.')
    await store.imports.save(pending)
  })
  app.imports.ring()
  return pending
}

/** @throws Fault ImportJobNotFound, PreconditionNotMet */
export async function stopImport(app: App, pool: Pool, id: string, now: Instant): Promise<ImportJob> {
  const job = await findImport(app.store, pool, id)
  const left = stopped(job, now)
  await app.store.transaction(async (store) => {
    await store.imports.save(left)
    if (left.status === 'Stopped') await clearAway(app, store, left)
  })
  return left
}

/** What a job that is over leaves behind is its row and its log: the file is deleted. */
export async function clearAway(app: App, store: Tables, { poolId, id }: ImportJob): Promise<void> {
  await store.imports.deleteChunks(poolId, id)
  await store.imports.vacate({ account: app.site.accountId, poolId, jobId: id })
}

const expiredAtOnce = 100

/** Those that nobody has started in time: "all data associated with the job was deleted" (developer guide). */
export async function expireImports({ store }: App, now: Instant): Promise<void> {
  for (const job of await store.imports.unstarted(now - startTime, expiredAtOnce)) {
    await store
      .transaction(async (store) => {
        await store.imports.save(ended(job, 'Expired', now))
        await store.imports.deleteChunks(job.poolId, job.id)
      })
      .catch((error) => {
        // Somebody has just started it.
        if (!(error instanceof StaleRow)) throw error
      })
  }
}

/** What changes a pool waits until its users are imported. @throws Fault ImportInProgress */
export async function mustNotImport(store: Store, pool: Pool): Promise<void> {
  if (await store.imports.isRunning(pool.id)) throw new Fault('ImportInProgress', pool.id)
}

/** Where a job's file is uploaded to: whoever has the address may, until it expires, and nothing else. */
export function uploadUrl(
  { site, vault }: Pick<App, 'site' | 'vault'>,
  { poolId, id, createdAt }: ImportJob,
): string {
  const expires = String(createdAt + uploadTime)
  const query = new URLSearchParams({ expires, signature: signatureOf(vault, poolId, id, expires) })
  return `${site.publicUrl}/_cognate/imports/${poolId}/${id}?${query}`
}

/** What an upload's address says. */
export interface UploadAddress {
  readonly poolId: string
  readonly jobId: string
  readonly expires: string
  readonly signature: string
}

export function mayUpload(
  { vault, clock }: App,
  { poolId, jobId, expires, signature }: UploadAddress,
): boolean {
  const genuine = new Secret(signatureOf(vault, poolId, jobId, expires)).matches(signature)
  return genuine && clock.now() < Number(expires)
}

const signatureOf = (vault: App['vault'], poolId: string, jobId: string, expires: string): string =>
  Buffer.from(vault.mac(`import upload ${poolId} ${jobId} ${expires}`)).toString('hex')
