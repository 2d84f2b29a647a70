import { aliasesOf } from '../domain/alias.ts'
import { Fault } from '../domain/faults.ts'
import { cellsIn, columnsOf, headerIn, type Row, RowReader } from '../domain/import-file.ts'
import { concluded, ended, type ImportJob, type ImportLine, mostUsers } from '../domain/import-job.ts'
import { importedUser } from '../domain/import-user.ts'
import { dearness, type HashCost } from '../domain/password-hash.ts'
import type { Pool } from '../domain/pool.ts'
import type { User } from '../domain/user.ts'
import { type Instant, seconds } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import type { RunningImport } from '../ports/imports.ts'
import { AliasTaken, DuplicateKey, StaleRow, type Tables } from '../ports/store.ts'
import { clearAway } from './imports.ts'
import { sealHash } from './passwords.ts'
import { retried } from './retried.ts'

/**
 * Runs imports. Of all nodes the one with the lease does; it is prolonged with every batch, in the transaction that writes
 * the batch's users, its log and how far the job has come. So a node that dies in the middle leaves nothing half done, and
 * one that was only slow finds its lease gone and its transaction undone. Triggers hear of none of it.
 */

/** How long the others wait for a node that says nothing. */
const leaseTime = seconds(15)

/** Users of one transaction: the embedded store lets others write in between. */
const batchSize = 50

/** The job is somebody else's by now, or gone with its pool. */
class LeaseLost extends Error {}

interface Run {
  readonly app: App
  readonly running: RunningImport
  readonly node: string
}

/** Runs the account's import, if it has one that no other node has, to its end or until `stopping`. */
export async function runImports(app: App, node: string, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    const now = app.clock.now()
    const running = await app.store.imports.lease(app.site.accountId, node, now, now + leaseTime)
    if (running === undefined) return
    try {
      await runImport({ app, running, node }, stopping)
    } catch (error) {
      if (!(error instanceof LeaseLost)) throw error
    }
  }
}

async function runImport(run: Run, stopping: AbortSignal): Promise<void> {
  const job = await begin(run)
  if (job === undefined) return
  try {
    const { pool } = await load(run)
    const rows = rowsOf(run.app, job)
    const first = await rows.next()
    const header = headerIn(first.value ?? undefined, columnsOf(pool.schema), job.hashing !== undefined)
    for await (const batch of batchesOf(rows, job.lines)) {
      if (stopping.aborted) {
        await run.app.store.imports.renew(run.running, run.node, 0)
        return
      }
      if ((await importBatch(run, header, batch)) === 'ended') return
    }
  } catch (error) {
    // Of the file as a whole: a row's fault is in the log and stops nothing.
    if (!(error instanceof Fault)) throw error
    await finish(run, (job, now) => ended(job, 'Failed', now, error.message))
    return
  }
  await finish(run, concluded)
}

/** The job as it is in progress, or nothing when it is none any more. */
async function begin(run: Run): Promise<ImportJob | undefined> {
  return retried(async () => {
    const { job } = await load(run)
    if (job.status === 'Stopping') return finish(run, concluded)
    if (job.status !== 'Pending') return job
    const begun: ImportJob = { ...job, status: 'InProgress' }
    await holding(run, (store) => store.imports.save(begun))
    return { ...begun, version: job.version + 1 }
  })
}

async function load({ app, running }: Run): Promise<{ pool: Pool; job: ImportJob }> {
  const pool = await app.store.pools.find(running.poolId)
  const job = await app.store.imports.find(running.poolId, running.jobId)
  if (pool === undefined || job === undefined) {
    await app.store.imports.vacate(running)
    throw new LeaseLost()
  }
  return { pool, job }
}

/** Writes while the job is ours, and only then. */
function holding({ app, running, node }: Run, write: (store: Tables) => Promise<void>): Promise<void> {
  const until = app.clock.now() + leaseTime
  return app.store.transaction(async (store) => {
    if (!(await store.imports.renew(running, node, until))) throw new LeaseLost()
    await write(store)
  })
}

/** Ends the job: as was found, or as somebody has asked in the meantime. */
async function finish(run: Run, end: (job: ImportJob, now: Instant) => ImportJob): Promise<undefined> {
  const { app } = run
  await retried(async () => {
    const { job } = await load(run)
    const now = app.clock.now()
    const last = job.status === 'Stopping' ? ended(job, 'Stopped', now) : end(job, now)
    await holding(run, async (store) => {
      await store.imports.save(last)
      await clearAway(app, store, last)
    })
    const { poolId, id: jobId, status, message, imported, skipped, failed } = last
    app.journal.info('import ended', { poolId, jobId, status, message, imported, skipped, failed })
  })
}

/** The file's rows, one chunk of it in memory at a time. @throws Fault InvalidParameter */
async function* rowsOf(app: App, { poolId, id, upload }: ImportJob): AsyncGenerator<Row> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reader = new RowReader()
  if (upload === undefined) return
  for (let number = 0; number < upload.chunks; number += 1) {
    const bytes = await app.store.imports.chunk({ poolId, jobId: id, upload: upload.id, number })
    // Also under a node whose lease has run out, by the one that ended the job: this one then writes no end.
    if (bytes === undefined) throw new Fault('InvalidParameter', 'The CSV file is incomplete.')
    yield* reader.push(decoded(() => decoder.decode(bytes, { stream: true })))
  }
  yield* reader.push(decoded(() => decoder.decode()))
  yield* reader.end()
}

function decoded(decode: () => string): string {
  try {
    return decode()
  } catch {
    throw new Fault('InvalidParameter', 'The CSV file is not in UTF-8.')
  }
}

async function* batchesOf(rows: AsyncIterable<Row>, done: number): AsyncGenerator<Row[]> {
  let batch: Row[] = []
  for await (const row of rows) {
    if (row.line <= done) continue
    if (batch.push(row) < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** What a row comes to before anybody has looked whether the user is there already. */
type Prepared =
  | { readonly line: number; readonly user: User; readonly cost: HashCost | undefined }
  | { readonly line: number; readonly refused: string }

/**
 * Imports some rows. Where something goes wrong that no row is to blame for, each is tried alone; "the user couldn't be
 * imported due to an internal error, but the import job will continue" (developer guide).
 */
async function importBatch(
  run: Run,
  header: readonly string[],
  rows: readonly Row[],
): Promise<'done' | 'ended'> {
  try {
    return await writeBatch(run, rows, (pool, job, row, now) => prepare(run.app, pool, job, header, row, now))
  } catch (error) {
    if (error instanceof Fault || error instanceof LeaseLost) throw error
    if (rows.length > 1) {
      for (const row of rows) if ((await importBatch(run, header, [row])) === 'ended') return 'ended'
      return 'done'
    }
    const { poolId, jobId } = run.running
    run.app.journal.error('a user could not be imported', { poolId, jobId, line: rows[0]?.line, error })
    return writeBatch(run, rows, (_pool, _job, { line }) => ({ line, refused: 'Internal error.' }))
  }
}

function writeBatch(
  run: Run,
  rows: readonly Row[],
  prepare: (pool: Pool, job: ImportJob, row: Row, now: Instant) => Prepared,
): Promise<'done' | 'ended'> {
  return retried(async () => {
    const { pool, job } = await load(run)
    if (job.status === 'Stopping') {
      await finish(run, concluded)
      return 'ended'
    }
    if (job.imported + job.skipped + job.failed + rows.length > mostUsers)
      throw new Fault('InvalidParameter', `The CSV file has more than ${mostUsers} users.`)
    const now = run.app.clock.now()
    const prepared = rows.map((row) => prepare(pool, job, row, now))
    await holding(run, async (store) => {
      await keepDearest(store, pool, prepared)
      const lines: ImportLine[] = []
      for (const one of prepared) {
        const fault = await write(store, pool, one)
        if (fault !== undefined) lines.push({ line: one.line, ...fault })
      }
      await store.imports.log(job.poolId, job.id, lines)
      await store.imports.save(counted(job, prepared, lines))
    })
    return 'done'
  })
}

function counted(job: ImportJob, done: readonly Prepared[], lines: readonly ImportLine[]): ImportJob {
  const skipped = lines.filter(({ outcome }) => outcome === 'SKIPPED').length
  return {
    ...job,
    imported: job.imported + done.length - lines.length,
    skipped: job.skipped + skipped,
    failed: job.failed + lines.length - skipped,
    lines: done.at(-1)?.line ?? job.lines,
  }
}

function prepare(
  app: App,
  pool: Pool,
  { hashing }: ImportJob,
  header: readonly string[],
  row: Row,
  now: Instant,
): Prepared {
  try {
    const { hash, ...facts } = importedUser(pool, cellsIn(row, header), hashing, app.random.uuid())
    const user: User = {
      ...facts,
      poolId: pool.id,
      enabled: true,
      createdAt: now,
      modifiedAt: now,
      version: 1,
      ...(hash && {
        password: sealHash(app, pool.id, facts.username, hash.read.cost.algorithm, hash.text, now),
      }),
    }
    return { line: row.line, user, cost: hash?.read.cost }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { line: row.line, refused: error.message.replaceAll('\n', '; ') }
  }
}

/** A pool knows what its dearest hash costs before the first user who has it can sign in. */
async function keepDearest(store: Tables, pool: Pool, prepared: readonly Prepared[]): Promise<void> {
  const costs = prepared.flatMap((one) => ('user' in one && one.cost !== undefined ? [one.cost] : []))
  const [dearest] = costs.toSorted((a, b) => dearness(b) - dearness(a))
  if (dearest === undefined) return
  if (pool.importedHash !== undefined && dearness(pool.importedHash) >= dearness(dearest)) return
  await store.pools.save({ ...pool, importedHash: dearest })
}

const exists = { outcome: 'SKIPPED', text: 'The user already exists.' } as const

/** Creates the user, or says why not. */
async function write(
  store: Tables,
  pool: Pool,
  one: Prepared,
): Promise<Omit<ImportLine, 'line'> | undefined> {
  if ('refused' in one) return { outcome: 'FAILED', text: one.refused }
  const aliases = aliasesOf(pool, one.user)
  for (const alias of aliases) if (await store.users.findByAlias(pool.id, alias)) return exists
  try {
    await store.users.create(one.user, aliases)
    return undefined
  } catch (error) {
    if (error instanceof DuplicateKey) return exists
    // By somebody who was not there a moment ago.
    throw error instanceof AliasTaken ? new StaleRow() : error
  }
}
