/** One thread of the pool. In: jobs of 2 × 384 bytes, base and exponent. Out: their powers, 384 bytes each, in order. */
import { parentPort } from 'node:worker_threads'
import { WIDTH } from '../../domain/srp.ts'
import { bytesFrom, numberFrom } from '../../lib/bytes.ts'
import { nativePower, proven } from './native.ts'

if (!parentPort) throw new Error('modexp/worker is for worker_threads only')
const port = parentPort

const { power, failure } = proven(nativePower)
if (failure) port.postMessage(failure)

port.on('message', (jobs: Uint8Array) => {
  const answers = new Uint8Array(jobs.length / 2)
  for (let at = 0; at < answers.length; at += WIDTH) {
    const base = numberFrom(jobs.subarray(2 * at, 2 * at + WIDTH))
    const exponent = numberFrom(jobs.subarray(2 * at + WIDTH, 2 * at + 2 * WIDTH))
    answers.set(bytesFrom(power(base, exponent), WIDTH), at)
  }
  port.postMessage(answers, [answers.buffer])
})
