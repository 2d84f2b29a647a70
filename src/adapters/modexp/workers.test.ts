import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { buildSync } from 'esbuild'
import { N, power, WIDTH } from '../../domain/srp.ts'
import { bytesFrom, numberFrom } from '../../lib/bytes.ts'
import { ModExpOverloaded } from '../../ports/modexp.ts'
import { nativePower, proven } from './native.ts'
import { type WorkerOptions, workerModExp } from './workers.ts'

const run = promisify(execFile)

function pool(t: TestContext, options: WorkerOptions = {}) {
  const modexp = workerModExp(options)
  t.after(() => modexp.close())
  return modexp
}

/** A worker made for a test: answers every job with its base, and does `first` before. */
const echoing = (first: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from 'node:worker_threads'
      parentPort.on('message', (jobs) => {
        const answers = new Uint8Array(jobs.length / 2)
        for (let at = 0; at < answers.length; at += ${WIDTH}) {
          answers.set(jobs.subarray(2 * at, 2 * at + ${WIDTH}), at)
        }
        const last = answers.at(-1)
        ${first}
        parentPort.postMessage(answers)
      })`)}`,
  )

test('OpenSSL and BigInt agree at every edge', () => {
  for (const base of [0n, 1n, 2n, N - 1n, N, N + 1n]) {
    for (const exponent of [0n, 1n, 2n, 3n, 65_536n, N - 2n, N - 1n, N, 2n ** 3072n - 1n]) {
      assert.equal(nativePower(base, exponent), power(base, exponent), `${base} ^ ${exponent}`)
    }
  }
})

test('OpenSSL and BigInt agree on numbers as sign-in has them', () => {
  for (let round = 0; round < 20; round++) {
    const base = numberFrom(randomBytes(WIDTH))
    const exponent = numberFrom(randomBytes(32))
    assert.equal(nativePower(base, exponent), power(base, exponent), `${base} ^ ${exponent}`)
  }
})

test('OpenSSL passes the self-test; what errs or refuses is replaced by BigInt and named', () => {
  assert.deepEqual(proven(nativePower), { power: nativePower })
  const errs = proven((base, exponent) => (exponent === 3n ? 5n : power(base, exponent)))
  assert.deepEqual(errs, { power, failure: 'trial 4 gave another number than BigInt' })
  const refuses = proven(() => {
    throw new Error('invalid digest')
  })
  assert.deepEqual(refuses, { power, failure: 'Error: invalid digest' })
})

test('each of many jobs gets its own answer, 384 bytes long', async (t) => {
  const { power } = pool(t, { size: 2 })
  const jobs = Array.from({ length: 100 }, (_, count) => power(Uint8Array.of(2), bytesFrom(BigInt(count))))
  const answers = await Promise.all(jobs)
  assert.deepEqual(
    answers.map(numberFrom),
    Array.from(answers, (_, count) => 2n ** BigInt(count)),
  )
  assert.ok(answers.every((answer) => answer.length === WIDTH))
})

test('takes numbers of any length up to 384 bytes, and views into larger memory', async (t) => {
  const { power } = pool(t)
  const full = new Uint8Array(WIDTH).fill(0xff)
  assert.equal(numberFrom(await power(full, full)), nativePower(numberFrom(full), numberFrom(full)))
  assert.equal(numberFrom(await power(Uint8Array.of(), Uint8Array.of())), 1n)
  assert.equal(numberFrom(await power(Uint8Array.of(9, 3, 9).subarray(1, 2), Uint8Array.of(0, 2))), 9n)
  await assert.rejects(power(new Uint8Array(WIDTH + 1), Uint8Array.of(1)), RangeError)
})

test('jobs of one turn travel as one message', async (t) => {
  const { power } = pool(t, { size: 1, worker: echoing('answers.fill(jobs.length / (2 * 384))') })
  const answers = await Promise.all([1, 2, 3].map((base) => power(Uint8Array.of(base), Uint8Array.of(1))))
  assert.deepEqual(
    answers.map((answer) => answer.at(-1)),
    [3, 3, 3],
  )
})

test('a worker that crashes fails its jobs and is replaced', async (t) => {
  const { power } = pool(t, { size: 1, worker: echoing('if (last === 66) throw new Error("bad luck")') })
  const [one, two] = [Uint8Array.of(1), Uint8Array.of(66)]
  const together = await Promise.allSettled([power(one, one), power(two, one)])
  for (const outcome of together) {
    assert.equal(outcome.status, 'rejected')
    assert.match(outcome.reason.message, /ended/)
    assert.match(outcome.reason.cause.message, /bad luck/)
  }
  assert.equal((await power(one, one)).at(-1), 1)
})

test('a worker that cannot start fails its jobs', async (t) => {
  const { power } = pool(t, { worker: new URL('file:///no/such/worker.js') })
  await assert.rejects(power(Uint8Array.of(1), Uint8Array.of(1)), /ended/)
})

test('a failed self-test is reported, and the answers still come', async (t) => {
  const failures: string[] = []
  const worker = echoing('parentPort.postMessage("trial 0")')
  const { power } = pool(t, { worker, selfTestFailed: (failure) => failures.push(failure) })
  assert.equal((await power(Uint8Array.of(7), Uint8Array.of(1))).at(-1), 7)
  assert.deepEqual(failures, ['trial 0'])
})

test('more jobs than the limit are refused at once', async (t) => {
  const { power } = pool(t, { limit: 2 })
  const one = Uint8Array.of(1)
  const taken = [power(one, one), power(one, one)]
  await assert.rejects(power(one, one), ModExpOverloaded)
  await Promise.all(taken)
  await power(one, one)
})

test('closing fails what waits, and what comes after', async () => {
  const modexp = workerModExp({ worker: echoing('return') })
  const one = Uint8Array.of(1)
  const sent = assert.rejects(modexp.power(one, one), /ended/)
  await new Promise(setImmediate)
  const gathered = assert.rejects(modexp.power(one, one), /closed/)
  await Promise.all([modexp.close(), sent, gathered])
  await assert.rejects(modexp.power(one, one), /closed/)
})

test('a process that only has idle workers ends by itself, and not before its answer', async () => {
  const script = `
    import { workerModExp } from ${JSON.stringify(new URL('./workers.ts', import.meta.url))}
    workerModExp().power(Uint8Array.of(2), Uint8Array.of(5)).then((answer) => console.log(answer.at(-1)))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { timeout: 10_000 })
  assert.equal(stdout, '32\n')
})

test('the worker works as a bundle of its own', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'modexp-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const outfile = join(folder, 'modexp-worker.mjs')
  const entry = join(import.meta.dirname, 'worker.ts')
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm' })
  const { power } = pool(t, { worker: pathToFileURL(outfile) })
  assert.equal(numberFrom(await power(Uint8Array.of(3), Uint8Array.of(4))), 81n)
})
