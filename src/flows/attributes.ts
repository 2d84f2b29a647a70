import { canonical } from '../domain/alias.ts'
import type { Attributes } from '../domain/attribute.ts'
import {
  changeAttributes,
  mustBeWritable,
  mustVerifyFirst,
  verifiable,
  withoutAttributes,
} from '../domain/attribute-change.ts'
import type { Client } from '../domain/client.ts'
import { type Address, type Delivery, deliveryTo } from '../domain/code.ts'
import { Fault } from '../domain/faults.ts'
import type { ClientId } from '../domain/ids.ts'
import type { Pool, VerifiedAttribute } from '../domain/pool.ts'
import { mustBeConfirmed, type User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import { checkCode, dropCode, newCode, sendCode, takeCode } from './codes.ts'
import type { Sending } from './messages.ts'
import { countAttempt } from './quota.ts'
import { saveUser } from './save-user.ts'

/** Attributes that change, and addresses that are verified. */

/** Changes attributes, and sends a code to every address that is to be verified. Returns where they went. */
export async function updateAttributes(
  sending: Sending,
  user: User,
  values: Attributes,
): Promise<Delivery[]> {
  const { app, pool, now } = sending
  const { user: changed, toVerify, settled } = changeAttributes(pool, user, values)
  for (const address of toVerify) await mustBeFree(app, pool, user, address)
  const codes = await Promise.all(
    toVerify.map((address) =>
      newCode(sending, changed, `verify ${address.attribute}`, 'UpdateUserAttribute', address),
    ),
  )
  await app.store.transaction(async (store) => {
    await saveUser(store, pool, user, changed, now)
    for (const attribute of settled)
      await dropCode(store, user, `verify ${attribute}`, changed.attributes[attribute])
    for (const code of codes) await sendCode(sending, store, code)
  })
  if (codes.length > 0) app.outbox.kick()
  return toVerify.map(deliveryTo)
}

/**
 * An address that is a username is nobody else's, also while it waits for its code. One that is an alias only when it is
 * verified says nothing of who has it before that.
 * @throws Fault AliasExists
 */
async function mustBeFree(
  app: App,
  pool: Pool,
  user: User,
  { attribute: kind, value }: Address,
): Promise<void> {
  if (!pool.identity.usernameAttributes?.includes(kind)) return
  const holder = await app.store.users.findByAlias(pool.id, { kind, value: canonical(pool.identity, value) })
  if (holder !== undefined && holder.username !== user.username) throw new Fault('AliasExists', kind)
}

export async function deleteAttributes(
  app: App,
  pool: Pool,
  user: User,
  names: readonly string[],
  now: Instant,
): Promise<void> {
  const changed = withoutAttributes(pool, user, names)
  await app.store.transaction(async (store) => {
    await saveUser(store, pool, user, changed, now)
    for (const attribute of ['email', 'phone_number'] as const)
      if (names.includes(attribute)) await dropCode(store, user, `verify ${attribute}`)
  })
}

/** What somebody signed in may change of their own: what their client may write. */
export async function mustBeOwn(
  app: App,
  pool: Pool,
  user: User,
  clientId: string,
  names: readonly string[],
): Promise<void> {
  mustBeConfirmed(user)
  const client: Client | undefined = await app.store.clients.find(pool.id, clientId as ClientId)
  if (client === undefined) throw new Fault('InvalidAccessToken')
  mustBeWritable(pool, client, names)
}

/** Sends a code to an address, verified already or not; where a new one waits to be verified, to that one. */
export async function requestVerification(sending: Sending, user: User, name: string): Promise<Delivery> {
  const { app, pool, now } = sending
  mustBeConfirmed(user)
  const attribute = verifiable(name)
  await countAttempt(app, pool, 'GetUserAttributeVerificationCode', user.username, now)
  const purpose = `verify ${attribute}` as const
  const waiting = mustVerifyFirst(pool, attribute)
    ? await app.store.codes.find(pool.id, user.username, purpose)
    : undefined
  const value = waiting?.value ?? user.attributes[attribute]
  if (value === undefined) throw new Fault('InvalidParameter', nowhere[attribute])
  const address: Address = { attribute, value }
  const code = await newCode(sending, user, purpose, 'VerifyUserAttribute', address)
  await app.store.transaction((store) => sendCode(sending, store, code))
  app.outbox.kick()
  return deliveryTo(address)
}

/** The text for the phone is floci's; the one for email follows it. */
const nowhere: Record<VerifiedAttribute, string> = {
  phone_number: 'User does not have a valid registered phone number',
  email: 'User does not have a valid registered email',
}

/** Verifies an address on the strength of a code. One that waited for it becomes the user's, and the alias with it. */
export async function verifyAttribute(
  app: App,
  pool: Pool,
  user: User,
  name: string,
  given: string,
  now: Instant,
): Promise<void> {
  mustBeConfirmed(user)
  const attribute = verifiable(name)
  await countAttempt(app, pool, 'VerifyUserAttribute', user.username, now)
  const code = await checkCode(app, user, `verify ${attribute}`, given, now)
  const { value } = code
  // A code for an address that the user has no longer proves nothing of the one they have.
  const wanted = value === user.attributes[attribute] || mustVerifyFirst(pool, attribute)
  if (value === undefined || !wanted) throw new Fault('CodeExpired')
  const attributes = { ...user.attributes, [attribute]: value, [`${attribute}_verified`]: 'true' }
  await app.store.transaction(async (store) => {
    await takeCode(store, code)
    await saveUser(store, pool, user, { ...user, attributes }, now)
  })
}
