import { Fault } from '../../domain/faults.ts'
import type { UserPoolId } from '../../domain/ids.ts'
import {
  g,
  isPublicValue,
  N,
  passwordClaim,
  publicValue,
  scramble,
  sessionKey,
  sharedBase,
} from '../../domain/srp.ts'
import { isSrpTimestamp } from '../../domain/srp-timestamp.ts'
import { bytesFrom, numberFrom } from '../../lib/bytes.ts'
import { Secret } from '../../lib/secret.ts'
import type { App } from '../../ports/app.ts'

/**
 * The server's side of SRP, for passwords and for devices alike. Its state travels sealed in SECRET_BLOCK, so that
 * no row is kept for a sign-in that may never go on, and any node can answer.
 */

/** What SECRET_BLOCK holds. */
export interface SrpState<Facts> {
  readonly A: string
  readonly B: string
  readonly b: string
  readonly expiresAt: number
  readonly facts: Facts
}

export interface SrpOffer {
  /** SRP_B, hexadecimal. */
  readonly B: string
  /** SECRET_BLOCK, base64. */
  readonly block: string
}

/** @throws Fault InvalidParameter for an A that is no number of the group, or a multiple of N */
export function readA(text: string): bigint {
  if (!/^[0-9a-fA-F]{1,1024}$/.test(text))
    throw new Fault('InvalidParameter', 'SRP_A must be a hexadecimal number.')
  const A = BigInt(`0x${text}`)
  if (!isPublicValue(A)) throw new Fault('InvalidParameter', 'SRP_A must not be zero modulo N.')
  return A
}

/** Offers B for a verifier, and seals what the claim will be judged with. */
export async function offer<Facts>(
  app: App,
  poolId: UserPoolId,
  A: bigint,
  verifier: bigint,
  expiresAt: number,
  facts: Facts,
): Promise<SrpOffer> {
  const b = app.random.bytes(32)
  const gb = numberFrom(await app.modexp.power(bytesFrom(g), b))
  const B = publicValue(verifier, gb)
  const state: SrpState<Facts> = {
    A: A.toString(16),
    B: B.toString(16),
    b: Buffer.from(b).toString('hex'),
    expiresAt,
    facts,
  }
  const sealed = app.vault.seal(Buffer.from(JSON.stringify(state)), context(poolId))
  return { B: B.toString(16), block: Buffer.from(sealed, 'latin1').toString('base64') }
}

/** What an unaltered SECRET_BLOCK of this pool holds; nothing for any other text. */
export function openBlock<Facts>(app: App, poolId: UserPoolId, block: string): SrpState<Facts> | undefined {
  try {
    const sealed = Buffer.from(block, 'base64').toString('latin1')
    return JSON.parse(Buffer.from(app.vault.open(sealed, context(poolId))).toString('utf8'))
  } catch {
    // Whatever is wrong with it, it is not ours.
    return undefined
  }
}

const context = (poolId: UserPoolId) => `srp ${poolId}`

export interface Claim {
  /** The pool's name, or a device's group key. */
  readonly group: string
  /** The user's id for SRP, or the device's key. */
  readonly identity: string
  readonly signature: string
  readonly block: string
  readonly timestamp: string
}

/** Whether the claim proves the secret behind the verifier. Two powers, whatever the outcome. */
export async function proves(
  app: App,
  state: SrpState<unknown>,
  verifier: bigint,
  claim: Claim,
): Promise<boolean> {
  const A = BigInt(`0x${state.A}`)
  const u = scramble(A, BigInt(`0x${state.B}`))
  const vu = numberFrom(await app.modexp.power(bytesFrom(verifier), bytesFrom(u)))
  const S = numberFrom(await app.modexp.power(bytesFrom(sharedBase(A, vu)), Buffer.from(state.b, 'hex')))
  const key = sessionKey(S, u)
  const block = Buffer.from(claim.block, 'base64')
  const expected = passwordClaim(key, claim.group, claim.identity, block, claim.timestamp)
  return new Secret(expected).matches(claim.signature) && u !== 0n && isSrpTimestamp(claim.timestamp)
}

/** A verifier for somebody who has none: a number of the group that stays the same. */
export function decoyVerifier(app: App, label: string): bigint {
  const parts = Array.from({ length: 12 }, (_, index) => app.vault.mac(`${label} verifier ${index}`))
  return numberFrom(Buffer.concat(parts)) % N
}
