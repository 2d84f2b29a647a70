import { argon2, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import type { PasswordHash } from '../../domain/password-hash.ts'
import { HashesOverloaded, type PasswordHashes } from '../../ports/password-hashes.ts'
import type { BcryptQuestion } from './bcrypt.ts'

export interface Bcrypt {
  readonly hash: (question: BcryptQuestion) => Promise<Uint8Array>
  readonly close: () => Promise<void>
}

/** How many may be asked for at once: each takes up to a quarter of a second, and some 64 MB. */
const limit = 32

/** The PasswordHashes port on Node's own crypto, whose slow functions run on its thread pool, and on a bcrypt. */
export function passwordHashes(bcrypt: Bcrypt): PasswordHashes {
  let waiting = 0
  return {
    async matches(hash, password) {
      if (waiting >= limit) throw new HashesOverloaded(`${limit} hashes are waiting`)
      waiting += 1
      try {
        const given = await digest(bcrypt, hash, password.reveal())
        return given !== undefined && timingSafeEqual(given, hash.digest)
      } finally {
        waiting -= 1
      }
    },
    close: () => bcrypt.close(),
  }
}

/** What the password comes to; nothing where no password like it could have been hashed. */
async function digest(
  bcrypt: Bcrypt,
  { cost, salt, digest }: PasswordHash,
  password: string,
): Promise<Uint8Array | undefined> {
  switch (cost.algorithm) {
    case 'BCRYPT': {
      const hashed = await bcrypt.hash({ password, salt, cost: cost.rounds })
      // A zero ends the text for every other implementation: what follows it would not be looked at.
      return password.includes('\0') ? undefined : hashed
    }
    case 'SCRYPT': {
      const { N, r, p } = cost
      // OpenSSL's own bound is 32 MB; this many bytes are what these parameters need, and as much again.
      return settled((done) => scrypt(password, salt, digest.length, { N, r, p, maxmem: 256 * N * r }, done))
    }
    case 'ARGON2ID': {
      const { memory, passes, parallelism } = cost
      const parameters = {
        message: password,
        nonce: salt,
        memory,
        passes,
        parallelism,
        tagLength: digest.length,
      }
      return settled((done) => argon2('argon2id', parameters, done))
    }
    case 'PBKDF2_SHA256':
      return settled((done) => pbkdf2(password, salt, cost.iterations, digest.length, 'sha256', done))
  }
}

function settled(start: (done: (error: Error | null, key: Uint8Array) => void) => void): Promise<Uint8Array> {
  return new Promise((resolve, reject) => start((error, key) => (error ? reject(error) : resolve(key))))
}
