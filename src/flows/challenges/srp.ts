import { lifetimes } from '../../domain/client.ts'
import { Fault } from '../../domain/faults.ts'
import type { ClientId, Username, UserPoolId } from '../../domain/ids.ts'
import type { Progress } from '../../domain/session.ts'
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
import type { Instant } from '../../lib/instant.ts'
import { Secret } from '../../lib/secret.ts'
import type { App } from '../../ports/app.ts'
import type { Tables } from '../../ports/store.ts'
import { digestOf } from '../digest.ts'
import { type Parameters, parameter, type SignIn } from '../step.ts'

/**
 * The server's side of SRP, for passwords and for devices alike. Its state travels sealed in SECRET_BLOCK, so that
 * no row is kept for a sign-in that may never go on, and any node can answer.
 */

/** The challenges that are answered with a claim. */
export type Verifier = 'PASSWORD_VERIFIER' | 'DEVICE_PASSWORD_VERIFIER'

/** What SECRET_BLOCK holds. */
export interface SrpState {
  readonly A: string
  readonly B: string
  readonly b: string
  readonly expiresAt: Instant
  readonly facts: BlockFacts
}

/** The sign-in that it belongs to. */
export interface BlockFacts {
  readonly clientId: ClientId
  readonly userId: Username
  readonly name: string
  readonly progress: Progress
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
export async function offer(
  { app, pool, client, now }: SignIn,
  challenge: Verifier,
  A: bigint,
  verifier: bigint,
  facts: Omit<BlockFacts, 'clientId'>,
): Promise<SrpOffer> {
  const b = app.random.bytes(32)
  const gb = numberFrom(await app.modexp.power(bytesFrom(g), b))
  const B = publicValue(verifier, gb)
  const state: SrpState = {
    A: A.toString(16),
    B: B.toString(16),
    b: Buffer.from(b).toString('hex'),
    expiresAt: now + lifetimes(client.settings).session,
    facts: { clientId: client.id, ...facts },
  }
  const sealed = app.vault.seal(Buffer.from(JSON.stringify(state)), context(pool.id, challenge))
  return { B: B.toString(16), block: Buffer.from(sealed, 'latin1').toString('base64') }
}

/** What an unaltered SECRET_BLOCK of this pool and challenge holds; nothing for any other text. */
export function openBlock(
  app: App,
  poolId: UserPoolId,
  challenge: Verifier,
  block: string,
): SrpState | undefined {
  try {
    const sealed = Buffer.from(block, 'base64').toString('latin1')
    return JSON.parse(Buffer.from(app.vault.open(sealed, context(poolId, challenge))).toString('utf8'))
  } catch {
    // Whatever is wrong with it, it is not ours.
    return undefined
  }
}

const context = (poolId: UserPoolId, challenge: Verifier) => `${challenge} ${poolId}`

/**
 * A claim is good for one sign-in: who saw it go by cannot send it again.
 * @throws Fault SessionUsed
 */
export async function spend(store: Tables, poolId: UserPoolId, { B, expiresAt }: SrpState): Promise<void> {
  const uses = await store.quotas.count(poolId, `claim ${digestOf(B)}`, expiresAt)
  if (uses > 1) throw new Fault('SessionUsed')
}

export interface Claim {
  readonly block: string
  readonly signature: string
  readonly timestamp: string
}

/** @throws Fault InvalidParameter when a part of it is missing */
export function readClaim(responses: Parameters): Claim {
  return {
    block: parameter(responses, 'PASSWORD_CLAIM_SECRET_BLOCK'),
    signature: parameter(responses, 'PASSWORD_CLAIM_SIGNATURE'),
    timestamp: parameter(responses, 'TIMESTAMP'),
  }
}

/** Whose secret is claimed. */
export interface Claimant {
  /** The pool's name, or a device's group key. */
  readonly group: string
  /** The user's id for SRP, or the device's key. */
  readonly identity: string
  readonly verifier: bigint
}

/** Whether the claim proves the secret behind the verifier. Two powers, whatever the outcome. */
export async function proves(
  app: App,
  state: SrpState,
  { group, identity, verifier }: Claimant,
  claim: Claim,
): Promise<boolean> {
  const A = BigInt(`0x${state.A}`)
  const u = scramble(A, BigInt(`0x${state.B}`))
  const vu = numberFrom(await app.modexp.power(bytesFrom(verifier), bytesFrom(u)))
  const S = numberFrom(await app.modexp.power(bytesFrom(sharedBase(A, vu)), Buffer.from(state.b, 'hex')))
  const block = Buffer.from(claim.block, 'base64')
  const expected = passwordClaim(sessionKey(S, u), group, identity, block, claim.timestamp)
  return new Secret(expected).matches(claim.signature) && u !== 0n && isSrpTimestamp(claim.timestamp)
}

/** A verifier for somebody who has none: a number of the group that stays the same. */
export function decoyVerifier(app: App, label: string): bigint {
  const parts = Array.from({ length: 12 }, (_, index) => app.vault.mac(`${label} verifier ${index}`))
  return numberFrom(Buffer.concat(parts)) % N
}
