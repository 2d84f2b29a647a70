/**
 * Before and after the whole run: a PostgreSQL for every test file, and the accounts of which faults were raised and which
 * steps sign-ins took.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unraisedFaults } from './fault-account.ts'
import { type Postgres, startPostgres } from './postgres.ts'
import { untakenTransitions } from './transition-account.ts'

let postgres: Postgres | undefined
let folder: string | undefined

export async function globalSetup(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'cognate-test-'))
  process.env.COGNATE_TEST_FAULTS = join(folder, 'faults')
  process.env.COGNATE_TEST_TRANSITIONS = join(folder, 'transitions')
  for (const account of [process.env.COGNATE_TEST_FAULTS, process.env.COGNATE_TEST_TRANSITIONS])
    await writeFile(account, '')
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
  const raised = await linesOf(process.env.COGNATE_TEST_FAULTS)
  const steps = await linesOf(process.env.COGNATE_TEST_TRANSITIONS)
  if (folder) await rm(folder, { recursive: true, force: true })
  // Only the whole suite can raise and take them all; a run of a few files has nothing to answer for.
  if (!process.env.COGNATE_TEST_EVERY_FAULT) return
  complain('declared and never raised by a test', unraisedFaults(new Set(raised)))
  complain('in the diagram of sign-in and never taken by a test', untakenTransitions(steps))
}

const linesOf = async (file = ''): Promise<string[]> => (await readFile(file, 'utf8')).split('\n')

function complain(of: string, missing: readonly string[]): void {
  if (missing.length === 0) return
  process.stderr.write(`${of}:\n  ${missing.join('\n  ')}\n`)
  process.exitCode = 1
}
