import type { PasswordHash } from '../domain/password-hash.ts'
import type { Secret } from '../lib/secret.ts'

/** Computes the slow hashes that imports bring along, off the event loop. */
export interface PasswordHashes {
  /** Whether that is a hash of this password. It takes as long for a wrong one. @throws HashesOverloaded */
  readonly matches: (hash: PasswordHash, password: Secret) => Promise<boolean>
  readonly close: () => Promise<void>
}

/** More wait for an answer than would be answered in good time. */
export class HashesOverloaded extends Error {
  override readonly name = 'HashesOverloaded'
}
