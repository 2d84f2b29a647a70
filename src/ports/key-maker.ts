import type { KeyObject } from 'node:crypto'

/** Makes signing keys, off the event loop: an RSA key takes a tenth of a second, now and then a whole one. */
export interface KeyMaker {
  /** A fresh pair for RS256: 2048 bits, exponent 65537. */
  readonly rsa: () => Promise<{ privateKey: KeyObject; publicKey: KeyObject }>
}
