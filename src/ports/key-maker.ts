import type { KeyObject } from 'node:crypto'
import type { Instant } from '../lib/instant.ts'

export interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** Makes signing keys, off the event loop: an RSA key takes a tenth of a second, now and then a whole one. */
export interface KeyMaker {
  /** A fresh pair for RS256: 2048 bits, exponent 65537. */
  readonly rsa: () => Promise<KeyPair>
  /** An X.509 certificate about the pair that the pair itself has signed, as DER. */
  readonly certify: (pair: KeyPair, facts: CertificateFacts) => Promise<Uint8Array>
}

export interface CertificateFacts {
  readonly commonName: string
  /** Sixteen random bytes: no two certificates have the same. */
  readonly serial: Uint8Array
  readonly from: Instant
  readonly until: Instant
}
