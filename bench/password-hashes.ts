/** Prints what an imported password hash costs in processor time, of all threads, at its greatest parameters. Run: node bench/password-hashes.ts */
import { bcryptThread } from '../src/adapters/password-hashes/bcrypt-thread.ts'
import { passwordHashes } from '../src/adapters/password-hashes/hashes.ts'
import { type HashCost, nobodysHash } from '../src/domain/password-hash.ts'
import { Secret } from '../src/lib/secret.ts'

const greatest: readonly HashCost[] = [
  { algorithm: 'BCRYPT', rounds: 12 },
  { algorithm: 'SCRYPT', N: 65_536, r: 8, p: 1 },
  { algorithm: 'ARGON2ID', memory: 19_456, passes: 2, parallelism: 1 },
  { algorithm: 'PBKDF2_SHA256', iterations: 600_000 },
]
const rounds = 9

const worker = new URL('../src/adapters/password-hashes/bcrypt-worker.ts', import.meta.url)
const hashes = passwordHashes(bcryptThread(worker))
const password = new Secret('Correct-horse-9')

for (const cost of greatest) {
  await hashes.matches(nobodysHash(cost), password)
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const start = process.cpuUsage()
    await hashes.matches(nobodysHash(cost), password)
    const { user, system } = process.cpuUsage(start)
    times.push((user + system) / 1000)
  }
  const median = times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0
  process.stdout.write(`${cost.algorithm.padEnd(14)} ${median.toFixed(0).padStart(4)} ms\n`)
}
await hashes.close()
