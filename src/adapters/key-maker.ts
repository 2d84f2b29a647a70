import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { KeyMaker } from '../ports/key-maker.ts'

const generate = promisify(generateKeyPair)

/** Keys from node:crypto, made on libuv's threads. */
export const keyMaker: KeyMaker = {
  rsa: () => generate('rsa', { modulusLength: 2048 }),
  // Loaded by those who need a certificate, which most servers never do. Not the packages behind it one by one: they are
  // CommonJS, and in the bundle a dynamic import of such has no names.
  certify: async (pair, facts) => (await import('./certificate.ts')).selfSigned(pair, facts),
}
