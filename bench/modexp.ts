/** Prints what a power costs: on the main thread, by BigInt, and through the pool. Run: node bench/modexp.ts */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { nativePower } from '../src/adapters/modexp/native.ts'
import { workerModExp } from '../src/adapters/modexp/workers.ts'
import { power, WIDTH } from '../src/domain/srp.ts'
import { numberFrom } from '../src/lib/bytes.ts'

const rounds = 9
const base = randomBytes(WIDTH)
const exponents = Array.from({ length: 1000 }, () => randomBytes(32))

/** The worker as it is published: one bundled file. */
const worker = bundled(join(import.meta.dirname, '../src/adapters/modexp/worker.ts'))

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const megabytes = () => process.memoryUsage().rss / 2 ** 20
const milliseconds = async (work: () => unknown) => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Median microseconds a power, over the rounds. `work` computes one power for each exponent it is given. */
async function perPower(count: number, work: (exponents: Buffer[]) => unknown): Promise<number> {
  const samples: number[] = []
  for (let round = 0; round < rounds; round++) {
    const batch = exponents.slice(0, count)
    samples.push(((await milliseconds(() => work(batch))) * 1000) / count)
  }
  return median(samples)
}

/** Starts a pool of `size`, measuring what its start costs, and then what its powers cost. */
async function pool(size: number) {
  const before = megabytes()
  const modexp = workerModExp({ size, worker })
  const all = (batch: Buffer[]) => Promise.all(batch.map((exponent) => modexp.power(base, exponent)))
  const first = await milliseconds(() => all(exponents.slice(0, size)))
  await all(exponents.slice(0, 200))
  const memory = megabytes() - before
  const alone = await perPower(200, async (batch) => {
    for (const exponent of batch) await modexp.power(base, exponent)
  })
  const cpu = process.threadCpuUsage()
  const together = await perPower(1000, all)
  const { user, system } = process.threadCpuUsage(cpu)
  await modexp.close()
  return { first, memory, alone, together, main: (user + system) / (rounds * 1000) }
}

const print = (label: string, value: number, unit: string) =>
  process.stdout.write(`${label.padEnd(52)}${value.toFixed(value < 100 ? 1 : 0).padStart(8)} ${unit}\n`)

/** As `power`, with numbers for bytes. */
const each = (way: typeof power) => (batch: Buffer[]) => {
  for (const exponent of batch) way(numberFrom(base), numberFrom(exponent))
}

function bundled(entry: string): URL {
  const built = buildSync({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  })
  return new URL(`data:text/javascript,${encodeURIComponent(built.outputFiles[0]?.text ?? '')}`)
}

await perPower(50, each(nativePower))
print('OpenSSL, main thread', await perPower(200, each(nativePower)), 'µs')
print('BigInt, main thread', await perPower(30, each(power)), 'µs')
for (const size of [1, 2]) {
  const { first, memory, alone, together, main } = await pool(size)
  const name = `pool of ${size}`
  print(`${name}: start to first answers, self-test included`, first, 'ms')
  // A later pool reuses what an earlier one freed, so only the first tells.
  if (size === 1) print(`${name}: resident memory of the worker`, memory, 'MB')
  print(`${name}: one at a time, from question to answer`, alone, 'µs')
  print(`${name}: 1000 at once, a power`, together, 'µs')
  print(`${name}: 1000 at once, powers a second`, 1e6 / together, '/s')
  print(`${name}: main thread's own part of a power`, main, 'µs')
}
