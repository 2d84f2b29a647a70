import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { KeyMaker } from '../ports/key-maker.ts'
import { selfSigned } from './certificate.ts'

const generate = promisify(generateKeyPair)

/** Keys from node:crypto, made on libuv's threads. */
export const keyMaker: KeyMaker = {
  rsa: () => generate('rsa', { modulusLength: 2048 }),
  certify: selfSigned,
}
