import { Fault } from './faults.ts'

/**
 * Password hashes of other systems, as an import brings them along. Forms, names and greatest parameters are those of the
 * developer guide, "Importing users with password hashes".
 */
export type HashAlgorithm = 'BCRYPT' | 'SCRYPT' | 'ARGON2ID' | 'PBKDF2_SHA256'

/** What a hash costs to compute. */
export type HashCost =
  | { readonly algorithm: 'BCRYPT'; readonly rounds: number }
  | { readonly algorithm: 'SCRYPT'; readonly N: number; readonly r: number; readonly p: number }
  | {
      readonly algorithm: 'ARGON2ID'
      readonly memory: number
      readonly passes: number
      readonly parallelism: number
    }
  | { readonly algorithm: 'PBKDF2_SHA256'; readonly iterations: number }

export interface PasswordHash {
  readonly cost: HashCost
  readonly salt: Uint8Array
  readonly digest: Uint8Array
}

/** @throws Fault InvalidParameter: the texts, which are ours, tell nothing of the hash. */
export function readPasswordHash(algorithm: HashAlgorithm, text: string): PasswordHash {
  const hash = readers[algorithm](text)
  if (hash === undefined) throw new Fault('InvalidParameter', `password_hash is not a hash of ${algorithm}.`)
  if (!isBounded(hash.cost))
    throw new Fault('InvalidParameter', `password_hash exceeds the greatest parameters of ${algorithm}.`)
  return hash
}

const readers: Record<HashAlgorithm, (text: string) => PasswordHash | undefined> = {
  BCRYPT(text) {
    // `$2x$` marks hashes of a library that took bytes for signed numbers: few are left, and they are refused.
    const [, cost, salt = '', digest = ''] =
      /^\$2[aby]\$([0-9]{2})\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/.exec(text) ?? []
    const rounds = Number(cost)
    if (cost === undefined || rounds < 4) return undefined
    return read({ algorithm: 'BCRYPT', rounds }, bcryptBytes(salt), bcryptBytes(digest))
  },

  SCRYPT(text) {
    const [, N, r, p, salt = '', digest = ''] =
      /^([0-9]{1,10})\$([0-9]{1,4})\$([0-9]{1,4})\$([0-9a-f]+)\$([0-9a-f]+)$/i.exec(text) ?? []
    const cost = { algorithm: 'SCRYPT', N: Number(N), r: Number(r), p: Number(p) } as const
    // N is a power of two, or there is no such hash.
    const possible = cost.N > 1 && Number.isInteger(Math.log2(cost.N)) && cost.r > 0 && cost.p > 0
    return possible ? read(cost, hexBytes(salt), hexBytes(digest)) : undefined
  },

  ARGON2ID(text) {
    // Of the two versions of the algorithm only the one of RFC 9106 is left.
    const [, m, t, p, salt = '', digest = ''] =
      /^\$argon2id\$v=19\$m=([0-9]{1,10}),t=([0-9]{1,10}),p=([0-9]{1,8})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
        text,
      ) ?? []
    const cost = {
      algorithm: 'ARGON2ID',
      memory: Number(m),
      passes: Number(t),
      parallelism: Number(p),
    } as const
    const possible = cost.parallelism > 0 && cost.passes > 0 && cost.memory >= 8 * cost.parallelism
    return possible ? read(cost, base64Bytes(salt), base64Bytes(digest)) : undefined
  },

  PBKDF2_SHA256(text) {
    const [, iterations, salt = '', digest = ''] =
      /^\$pbkdf2-sha256\$([0-9]{1,10})\$([./A-Za-z0-9+]+)\$([./A-Za-z0-9+]+)$/.exec(text) ?? []
    const cost = { algorithm: 'PBKDF2_SHA256', iterations: Number(iterations) } as const
    // passlib writes a dot where others write a plus.
    const bytes = (part: string) => base64Bytes(part.replaceAll('.', '+'))
    return cost.iterations > 0 ? read(cost, bytes(salt), bytes(digest)) : undefined
  },
}

/** Within what every library that makes such hashes uses, and nothing that a guess could hit. */
const salts = { least: 8, most: 64 }
const digests = { least: 16, most: 64 }

function read(
  cost: HashCost,
  salt: Uint8Array | undefined,
  digest: Uint8Array | undefined,
): PasswordHash | undefined {
  if (salt === undefined || salt.length < salts.least || salt.length > salts.most) return undefined
  if (digest === undefined || digest.length < digests.least || digest.length > digests.most) return undefined
  return { cost, salt, digest }
}

function isBounded(cost: HashCost): boolean {
  switch (cost.algorithm) {
    case 'BCRYPT':
      return cost.rounds <= 12
    case 'SCRYPT':
      return cost.N <= 65_536 && cost.r <= 8 && cost.p <= 1
    case 'ARGON2ID':
      return cost.memory <= 19_456 && cost.passes <= 2 && cost.parallelism <= 1
    case 'PBKDF2_SHA256':
      return cost.iterations <= 600_000
  }
}

/** Milliseconds, as measured on one machine (docs/decisions/0013): to tell the dearer of two. */
export function dearness(cost: HashCost): number {
  switch (cost.algorithm) {
    case 'BCRYPT':
      return 2 ** cost.rounds * 0.056
    case 'SCRYPT':
      return cost.N * cost.r * cost.p * 0.00025
    case 'ARGON2ID':
      return cost.memory * cost.passes * 0.0007
    case 'PBKDF2_SHA256':
      return cost.iterations * 0.00011
  }
}

/** A hash that costs as much as others and is nobody's. */
export const nobodysHash = (cost: HashCost): PasswordHash => ({
  cost,
  salt: new Uint8Array(16).fill(1),
  digest: new Uint8Array(cost.algorithm === 'BCRYPT' ? 23 : 32),
})

function hexBytes(text: string): Uint8Array | undefined {
  return text.length % 2 === 0 ? Buffer.from(text, 'hex') : undefined
}

/** Without padding. A last letter with bits that mean nothing is another spelling of the same bytes. */
function base64Bytes(text: string): Uint8Array | undefined {
  return text.length % 4 === 1 ? undefined : Buffer.from(text, 'base64')
}

const bcryptAlphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Base64 under an alphabet of bcrypt's own. */
const bcryptBytes = (text: string): Uint8Array =>
  Buffer.from(
    text.replaceAll(/./g, (letter) => base64Alphabet.charAt(bcryptAlphabet.indexOf(letter))),
    'base64',
  )
