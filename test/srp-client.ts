/**
 * An SRP client as AWS's are, made of the protocol and not of the code under test.
 * Source: amazon-cognito-identity-js, AuthenticationHelper.js and CognitoUser.js.
 */
import assert from 'node:assert/strict'
import { createHash, createHmac, getDiffieHellman, randomBytes } from 'node:crypto'

/** RFC 3526, group 15; the other of its names is RFC 5054's 3072-bit group. */
export const N = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`)
const g = 2n

export interface Srp {
  /** SRP_A. */
  readonly A: string
  readonly a: bigint
}

export function newSrp(): Srp {
  const a = number(randomBytes(32))
  return { a, A: power(g, a).toString(16) }
}

type Parameters = Readonly<Record<string, string>> | undefined

/** PASSWORD_CLAIM_* and TIMESTAMP for a challenge. `group` is the pool's name, or a device's group key. */
export function claimOf(
  { a, A }: Srp,
  parameters: Parameters,
  group: string,
  identity: string,
  password: string,
  TIMESTAMP = timestamp(),
): Record<string, string> {
  const { SALT, SRP_B, SECRET_BLOCK } = parameters ?? {}
  assert.ok(SALT && SRP_B && SECRET_BLOCK)
  const B = BigInt(`0x${SRP_B}`)
  const u = number(sha256(signed(BigInt(`0x${A}`)), signed(B)))
  const x = privateKey(BigInt(`0x${SALT}`), group, identity, password)
  const k = number(sha256(signed(N), signed(g)))
  const base = (((B - k * power(g, x)) % N) + N) % N
  const S = power(base, a + u * x)
  const prk = createHmac('sha256', signed(u)).update(signed(S)).digest()
  const key = createHmac('sha256', prk).update('Caldera Derived Key\u0001').digest().subarray(0, 16)
  const mac = createHmac('sha256', key).update(group).update(identity)
  mac.update(Buffer.from(SECRET_BLOCK, 'base64')).update(TIMESTAMP)
  return {
    PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
    PASSWORD_CLAIM_SIGNATURE: mac.digest('base64'),
    TIMESTAMP,
  }
}

/** A device's secret, and what ConfirmDevice is given of it. */
export function newDeviceSecret(groupKey: string, deviceKey: string) {
  const password = randomBytes(40).toString('base64')
  const salt = number(randomBytes(16))
  const verifier = power(g, privateKey(salt, groupKey, deviceKey, password))
  return {
    password,
    DeviceSecretVerifierConfig: {
      Salt: signed(salt).toString('base64'),
      PasswordVerifier: signed(verifier).toString('base64'),
    },
  }
}

/** `Mon Nov 3 09:05:07 UTC 2026`, as AWS's clients write it. */
export function timestamp(at = new Date()): string {
  const [weekday, day, month, year, time] = at.toUTCString().replace(',', '').split(' ')
  return `${weekday} ${month} ${Number(day)} ${time} UTC ${year}`
}

function privateKey(salt: bigint, group: string, identity: string, password: string): bigint {
  return number(sha256(signed(salt), sha256(`${group}${identity}:${password}`)))
}

const sha256 = (...parts: (Uint8Array | string)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)

/** As Java's BigInteger.toByteArray(): even digits, and a zero before a leading bit that is set. */
function signed(value: bigint): Buffer {
  const hex = value.toString(16)
  const even = hex.length % 2 === 1 ? `0${hex}` : hex
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex')
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base % N
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N
    square = (square * square) % N
  }
  return result
}
