import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { KeyMaker } from '../ports/key-maker.ts'

const generate = promisify(generateKeyPair)

/** Keys from node:crypto, made on libuv's threads. */
export const keyMaker: KeyMaker = {
  rsa: () => generate('rsa', { modulusLength: 2048 }),
  // Loaded by those who need a certificate, which most servers never do. The packages behind it are CommonJS: imported by
  // this very name they would have no names of their own once they are bundled.
  certify: async (pair, facts) => (await import('./certificate.ts')).selfSigned(pair, facts),
}
