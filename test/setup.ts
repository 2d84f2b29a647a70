/** Before and after the whole run: a PostgreSQL for every test file, and the account of which faults were raised. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unraisedFaults } from './fault-account.ts'
import { type Postgres, startPostgres } from './postgres.ts'

let postgres: Postgres | undefined
let folder: string | undefined

export async function globalSetup(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'cognate-test-'))
  process.env.COGNATE_TEST_FAULTS = join(folder, 'faults')
  await writeFile(process.env.COGNATE_TEST_FAULTS, '')
  if (process.env.COGNATE_TEST_DATABASE_URL) return
  postgres = await startPostgres()
  process.env.COGNATE_TEST_DATABASE_URL = postgres.url
}

let done = false

/** The runner calls a teardown that throws a second time, and says nothing of what it threw. */
export async function globalTeardown(): Promise<void> {
  if (done) return
  done = true
  await postgres?.stop()
  const raised = (await readFile(process.env.COGNATE_TEST_FAULTS ?? '', 'utf8')).split('\n')
  if (folder) await rm(folder, { recursive: true, force: true })
  const missing = unraisedFaults(new Set(raised))
  // Only the whole suite can raise them all; a run of a few files has nothing to answer for.
  if (process.env.COGNATE_TEST_EVERY_FAULT && missing.length > 0) {
    process.stderr.write(`declared and never raised by a test:\n  ${missing.join('\n  ')}\n`)
    process.exitCode = 1
  }
}
