import { decodeBase64, encodeBase64, hashSync } from 'bcryptjs'

export interface BcryptQuestion {
  readonly password: string
  /** 16 bytes. */
  readonly salt: Uint8Array
  /** The logarithm of the number of rounds. */
  readonly cost: number
}

/** The 23 bytes of a hash. It keeps its thread until they are there. Of a password, 72 bytes of UTF-8 count. */
export function bcrypt({ password, salt, cost }: BcryptQuestion): Uint8Array {
  const settings = `$2b$${String(cost).padStart(2, '0')}$${encodeBase64(salt, salt.length)}`
  const hash = hashSync(password, settings)
  return Uint8Array.from(decodeBase64(hash.slice(settings.length), 23))
}
