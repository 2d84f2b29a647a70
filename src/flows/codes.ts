import { canonical } from '../domain/alias.ts'
import {
  type Address,
  type CodePurpose,
  codeLifetime,
  type Delivery,
  deliveryTo,
  type IssuedCode,
  mediumOf,
  mustBeRight,
} from '../domain/code.ts'
import { Fault } from '../domain/faults.ts'
import type { Pool, VerifiedAttribute } from '../domain/pool.ts'
import { confirmsByLink, linkTemplate, verificationTemplate } from '../domain/template.ts'
import type { User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import type { Tables } from '../ports/store.ts'
import { compose, type Letter, mustDeliver, post, type Reason, type Sending } from './messages.ts'

/** Codes that confirm a sign-up, reset a password or verify an address. */

type Owner = Pick<User, 'poolId' | 'username'>

/** A code that is ready to be stored and sent. */
export interface OutgoingCode {
  readonly issued: IssuedCode
  readonly letter: Letter
}

/** @throws Fault DeliveryNotConfigured, and what CustomMessage comes to */
export async function newCode(
  sending: Sending,
  user: User,
  purpose: CodePurpose,
  reason: Reason,
  address: Address,
): Promise<OutgoingCode> {
  const { app, pool, now } = sending
  const code = app.random.digits(6)
  const medium = mediumOf[address.attribute]
  const way = { medium, to: address.value }
  const link = purpose === 'sign-up' && confirmsByLink(pool, medium) ? linkTo(sending, user, code) : undefined
  const template = link ? linkTemplate(pool) : verificationTemplate(pool, medium)
  return {
    issued: {
      poolId: pool.id,
      username: user.username,
      purpose,
      digest: codeDigest(app, user, purpose, code),
      expiresAt: now + codeLifetime[purpose],
      value: address.value,
    },
    letter: await compose(sending, reason, user, way, template, { code, ...(link && { link }) }),
  }
}

/** The page that confirms a sign-up, with all it needs. */
function linkTo({ app, client }: Sending, { username }: User, code: string): URL {
  const link = new URL('/confirmUser', app.site.publicUrl)
  link.search = new URLSearchParams({
    client_id: client?.id ?? '',
    user_name: username,
    confirmation_code: code,
  }).toString()
  return link
}

/** Stores a code, in place of the one before, and sends it. */
export async function sendCode(
  sending: Sending,
  store: Tables,
  { issued, letter }: OutgoingCode,
): Promise<void> {
  await store.codes.put(issued)
  await post(sending, store, letter)
}

/**
 * What is left of a code that was only said to be sent: one that nothing matches, and the time it takes to store it. So
 * nobody is told from anybody by what follows either: no code yet, a wrong one, one that is over.
 */
export async function pretendCode(app: App, owner: Owner, purpose: CodePurpose, now: Instant): Promise<void> {
  const { poolId, username } = owner
  const expiresAt = now + codeLifetime[purpose]
  await app.store.transaction((store) =>
    store.codes.put({ poolId, username, purpose, digest: noDigest, expiresAt }),
  )
}

/** Not the digest of anything. */
const noDigest = ''

/**
 * The code that was given, if it is the right one. It is redeemed by whoever takes it.
 * @throws Fault CodeExpired, CodeMismatch
 */
export async function checkCode(
  app: App,
  owner: Owner,
  purpose: CodePurpose,
  given: string,
  now: Instant,
): Promise<IssuedCode> {
  const issued = await app.store.codes.find(owner.poolId, owner.username, purpose)
  return mustBeRight(issued, codeDigest(app, owner, purpose, given), now)
}

/** @throws Fault CodeExpired when another has redeemed it meanwhile */
export async function takeCode(store: Tables, code: IssuedCode): Promise<void> {
  if (!(await store.codes.take(code))) throw new Fault('CodeExpired')
}

/** Voids a code that nobody waits for any more; one for the value that stands is waited for still. */
export async function dropCode(
  store: Tables,
  owner: Owner,
  purpose: CodePurpose,
  standing?: string,
): Promise<void> {
  const code = await store.codes.find(owner.poolId, owner.username, purpose)
  if (code !== undefined && code.value !== standing) await store.codes.take(code)
}

/** Under a key of the vault: six digits are soon tried by whoever holds a digest that anybody can compute. */
function codeDigest(app: App, { poolId, username }: Owner, purpose: CodePurpose, code: string): string {
  return Buffer.from(app.vault.mac(`code ${poolId} ${username} ${purpose} ${code}`)).toString('hex')
}

/**
 * Where a code would have gone if anybody of that name could have one: to the name, if it is an address, or to one made
 * of it under a key of ours, so that it is the same at every try and looks like anybody's. What keeps a code from being
 * sent keeps this one too.
 * @throws Fault DeliveryNotConfigured
 */
export function pretendedDelivery(
  app: App,
  pool: Pool,
  name: string,
  candidates: readonly VerifiedAttribute[],
): Delivery {
  const reachable = candidates.filter(
    (candidate) => candidate === 'email' || pool.settings.SmsConfiguration !== undefined,
  )
  const possible = reachable.length > 0 ? reachable : candidates
  const delivery = deliveryTo(addressNamed(name, possible) ?? addressInvented(app, pool, name, possible))
  mustDeliver(pool, delivery.medium)
  return delivery
}

function addressNamed(name: string, possible: readonly VerifiedAttribute[]): Address | undefined {
  const shapes: Record<VerifiedAttribute, boolean> = {
    email: name.includes('@'),
    phone_number: /^\+[0-9]+$/.test(name),
  }
  const attribute = possible.find((candidate) => shapes[candidate])
  return attribute && { attribute, value: name }
}

function addressInvented(
  app: App,
  pool: Pool,
  name: string,
  [attribute = 'email']: readonly VerifiedAttribute[],
): Address {
  const seed = Buffer.from(app.vault.mac(`${pool.id} ${canonical(pool.identity, name)} address`))
  const letter = (place: number) => String.fromCharCode(97 + (seed.readUInt16BE(place) % 26))
  const digits = String(seed.readUInt32BE(4) % 10_000).padStart(4, '0')
  return { attribute, value: attribute === 'email' ? `${letter(0)}@${letter(2)}` : `+${digits}` }
}
