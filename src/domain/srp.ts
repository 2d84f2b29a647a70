/**
 * SRP-6a as Cognito speaks it: RFC 5054's 3072-bit group with SHA-256, a session key of its own making, and numbers
 * hashed as Java's BigInteger writes them. Names are the RFC's. Source: amazon-cognito-identity-js,
 * AuthenticationHelper.js and CognitoUser.js; the vectors in the test were made by it.
 *
 * Powers are slow, so they belong to the ModExp port: the functions here are what stands around them.
 *
 *   to keep a password    v = g^x                      x = privateKey(…)
 *   to challenge          B = publicValue(v, g^b)      b fresh and random
 *   to judge the claim    S = sharedBase(A, v^u)^b     u = scramble(A, B)
 *                         claim = passwordClaim(sessionKey(S, u), …)
 */
import { createHmac, hash, hkdfSync } from 'node:crypto'
import { bytesFrom, numberFrom } from '../lib/bytes.ts'
import type { Secret } from '../lib/secret.ts'

/** The group's modulus, a safe prime. Source: RFC 5054, appendix A; RFC 3526 calls it group 15. */
export const N = BigInt(
  '0xFFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3' +
    'CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5' +
    'AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356' +
    '208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28F' +
    'B5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521AB' +
    'DF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6B' +
    'F12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFC' +
    'E0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
)

/** How many bytes a number of the group takes. */
export const WIDTH = 384

export const g = 2n

export const k = sha256(pad(N), pad(g))

/** x: what a password becomes, for this pool, this user and this salt. Nothing but g^x is ever kept. */
export function privateKey(
  poolName: string,
  userIdForSrp: string,
  password: Secret,
  salt: Uint8Array,
): bigint {
  const identity = hash('sha256', `${poolName}${userIdForSrp}:${password.reveal()}`, 'buffer')
  return sha256(pad(numberFrom(salt)), identity)
}

/** B: what the server shows. `gb` is g^b. */
export function publicValue(v: bigint, gb: bigint): bigint {
  return (k * v + gb) % N
}

/** Whether a client's A may be used: a multiple of N would make S zero whatever the password. */
export function isPublicValue(A: bigint): boolean {
  return A > 0n && A % N !== 0n
}

/** u: ties S to both public values. */
export function scramble(A: bigint, B: bigint): bigint {
  return sha256(pad(A), pad(B))
}

/** The number whose b-th power is S, the secret that both sides reach. `vu` is v^u. */
export function sharedBase(A: bigint, vu: bigint): bigint {
  return (A * vu) % N
}

/** K: what both sides make of S. */
export function sessionKey(S: bigint, u: bigint): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', pad(S), pad(u), 'Caldera Derived Key', 16))
}

/** PASSWORD_CLAIM_SIGNATURE: the proof of K. `timestamp` is the client's own text, to the letter. */
export function passwordClaim(
  key: Uint8Array,
  poolName: string,
  userId: string,
  secretBlock: Uint8Array,
  timestamp: string,
): string {
  return createHmac('sha256', key)
    .update(poolName)
    .update(userId)
    .update(secretBlock)
    .update(timestamp)
    .digest('base64')
}

/** base^exponent mod N by the book. Slow: it judges the fast ways, and stands in where they fail. */
export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base % N
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N
    square = (square * square) % N
  }
  return result
}

/** A number as Java's BigInteger.toByteArray() writes it: a zero byte goes before a leading bit that is set. */
export function pad(value: bigint): Buffer {
  const bytes = bytesFrom(value)
  return bytes.readUInt8(0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes])
}

function sha256(...parts: Uint8Array[]): bigint {
  return numberFrom(hash('sha256', Buffer.concat(parts), 'buffer'))
}
