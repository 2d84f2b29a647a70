import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { k, N, power, WIDTH } from '../../domain/srp.ts'
import { bytesFrom, numberFrom } from '../../lib/bytes.ts'

export type Power = typeof power

const modulus = bytesFrom(N).toString('base64url')

/**
 * base^exponent mod N by OpenSSL. RSA without padding is nothing but a power, and N is not above 3072 bits, up to which
 * OpenSSL takes public exponents of any length (`rsa_ossl_public_encrypt`). Six times as fast as BigInt.
 */
export function nativePower(base: bigint, exponent: bigint): bigint {
  if (exponent === 0n) return 1n
  const message = base % N
  if (message === 0n) return 0n
  // N is prime, so exponents count modulo N - 1 (Fermat); OpenSSL takes none that is zero, or N and above.
  const e = exponent % (N - 1n)
  if (e === 0n) return 1n
  const key = createPublicKey({
    format: 'jwk',
    key: { kty: 'RSA', n: modulus, e: bytesFrom(e).toString('base64url') },
  })
  return numberFrom(publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, bytesFrom(message, WIDTH)))
}

/** Edges of RSA's rules (even, tiny and long exponents; 1 and N - 1 as messages), and powers as sign-in asks them. */
const v = k ** 12n % N
const trials: readonly (readonly [base: bigint, exponent: bigint])[] = [
  [2n, k],
  [v, k - 1n],
  [v, 1n],
  [v, 2n],
  [v, 3n],
  [v, 65_536n],
  [1n, k],
  [N - 1n, k],
  [N + 5n, 6n],
]

/**
 * `fast` if it agrees with BigInt, and BigInt otherwise: RSA is not promised to serve for this, and a policy (FIPS) or
 * a later OpenSSL may end it. `failure` says what went wrong.
 */
export function proven(fast: Power): { readonly power: Power; readonly failure?: string } {
  try {
    const wrong = trials.findIndex(([base, exponent]) => fast(base, exponent) !== power(base, exponent))
    return wrong < 0 ? { power: fast } : { power, failure: `trial ${wrong} gave another number than BigInt` }
  } catch (error) {
    return { power, failure: String(error) }
  }
}
