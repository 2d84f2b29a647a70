import { hidesUsers } from '../domain/client.ts'
import { type Delivery, deliveryTo, type IssuedCode } from '../domain/code.ts'
import { Fault } from '../domain/faults.ts'
import { checkPassword } from '../domain/password-policy.ts'
import type { Pool } from '../domain/pool.ts'
import { mustBeResettable, recoveryAddress, recoveryAttributes } from '../domain/recovery.ts'
import { mustBeConfirmed, type User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import type { Secret } from '../lib/secret.ts'
import type { App } from '../ports/app.ts'
import { type Occasion, recordCall } from './auth-events.ts'
import { checkCode, dropCode, newCode, pretendCode, pretendedDelivery, sendCode, takeCode } from './codes.ts'
import type { Sending } from './messages.ts'
import { migrateUser } from './migration.ts'
import { type ClientCall, mustProveClient, type Named, namedUser } from './named-user.ts'
import { isPassword, setPassword } from './passwords.ts'
import { countAttempt, countedAs } from './quota.ts'
import { mustBeSafe, mustNotBeBlocked } from './risk.ts'
import { saveUser } from './save-user.ts'
import { postConfirmation } from './triggers.ts'

/** A new password in place of one that is forgotten, taken away or known. */

/** Sends a code to reset the password with, or says that it did, where the client hides who exists. */
export async function forgotPassword(call: ClientCall, named: Named): Promise<Delivery> {
  mustProveClient(call, named)
  return recordCall(call, 'ForgotPassword', named.name, (call) => sendResetCode(call, named))
}

async function sendResetCode(call: ClientCall, named: Named): Promise<Delivery> {
  const { app, pool, client, now } = call
  await mustNotBeBlocked(call)
  const candidates = recoveryAttributes(pool.settings)
  const user = await namedUser(call, named.name, () => migrateUser(call, named.name, 'forgotten'))
  const username = countedAs(pool, named.name, user)
  await countAttempt(app, pool, 'ForgotPassword', username, now)
  if (user !== undefined) mustBeResettable(user)
  const address = user && recoveryAddress(pool, user)
  if (user === undefined || address === undefined) {
    if (!hidesUsers(client.settings)) throw new Fault('NoRecoveryAddress')
    const delivery = pretendedDelivery(app, pool, named.name, candidates)
    await pretendCode(app, { poolId: pool.id, username }, 'reset', now)
    return delivery
  }
  const code = await newCode(call, user, 'reset', 'ForgotPassword', address)
  await app.store.transaction((store) => sendCode(call, store, code))
  app.outbox.kick()
  return deliveryTo(address)
}

/** Takes a user's password away, on an administrator's word, and sends a code to set another with. */
export async function resetPassword(sending: Sending, user: User): Promise<void> {
  const { app, pool, now } = sending
  if (!user.enabled) throw new Fault('UserDisabled')
  mustBeResettable(user)
  if (user.status === 'UNCONFIRMED') throw new Fault('CannotReset')
  const address = recoveryAddress(pool, user)
  if (address === undefined) throw new Fault('NoRecoveryAddress')
  const code = await newCode(sending, user, 'reset', 'ForgotPassword', address)
  await app.store.transaction(async (store) => {
    await saveUser(store, pool, user, { ...user, status: 'RESET_REQUIRED' }, now)
    await sendCode(sending, store, code)
  })
  app.outbox.kick()
}

export interface ResetRequest extends Named {
  readonly code: string
  readonly password: Secret
}

/** Sets a new password on the strength of a code. Whoever was locked out for wrong ones is let in again. */
export async function confirmForgotPassword(call: ClientCall, request: ResetRequest): Promise<void> {
  mustProveClient(call, request)
  return recordCall(call, 'PasswordChange', request.name, (call) => redeemResetCode(call, request))
}

async function redeemResetCode(call: ClientCall, request: ResetRequest): Promise<void> {
  const { app, pool, client, metadata, now } = call
  await mustNotBeBlocked(call)
  const user = await namedUser(call, request.name)
  const username = countedAs(pool, request.name, user)
  await countAttempt(app, pool, 'ForgotPassword', username, now)
  checkPassword(request.password.reveal(), pool.settings.Policies.PasswordPolicy)
  await mustBeSafe(call, 'PASSWORD_CHANGE', request.password)
  if (user?.status === 'UNCONFIRMED') throw new Fault('UserNotConfirmed')
  const code = await checkCode(app, { poolId: pool.id, username }, 'reset', request.code, now)
  if (user === undefined) throw new Fault('CodeMismatch')
  mustBeTheirs(user, code)
  // After the code: nobody else may learn which passwords a user has had.
  const { changed, along } = await setPassword(app, pool, user, request.password, now)
  const confirmed: User = { ...changed, status: 'CONFIRMED' }
  await app.store.transaction(async (store) => {
    await takeCode(store, code)
    await saveUser(store, pool, user, confirmed, now)
    await along(store)
    await store.failures.clear(pool.id, user.username)
  })
  await postConfirmation(app, pool, confirmed, 'PostConfirmation_ConfirmForgotPassword', {
    clientId: client.id,
    metadata,
  })
}

/** Who has an address that a user has given up resets no password of theirs. @throws Fault CodeExpired */
function mustBeTheirs({ attributes }: User, { value }: IssuedCode): void {
  if (value !== attributes.email && value !== attributes.phone_number) throw new Fault('CodeExpired')
}

/** A new password from somebody signed in, who knows the present one or has none. */
export function changePassword(
  call: Occasion,
  user: User,
  present: Secret | undefined,
  wanted: Secret,
): Promise<void> {
  return recordCall(call, 'PasswordChange', user, (call) => exchangePassword(call, user, present, wanted))
}

async function exchangePassword(
  call: Occasion,
  user: User,
  present: Secret | undefined,
  wanted: Secret,
): Promise<void> {
  const { app, pool, now } = call
  mustBeConfirmed(user)
  await countAttempt(app, pool, 'ChangePassword', user.username, now)
  if (user.password !== undefined && present === undefined) {
    throw new Fault('ValidationFailed', [
      "Value at 'previousPassword' failed to satisfy constraint: Member must not be null",
    ])
  }
  if (present !== undefined && !(await isPassword(app, pool, user, present)))
    throw new Fault('IncorrectCredentials')
  checkPassword(wanted.reveal(), pool.settings.Policies.PasswordPolicy)
  await mustBeSafe(call, 'PASSWORD_CHANGE', wanted)
  await replacePassword(app, pool, user, wanted, user.status, now)
}

/** Sets a new password, and voids a code to set another with. @throws Fault PasswordInHistory */
export async function replacePassword(
  app: App,
  pool: Pool,
  user: User,
  password: Secret,
  status: User['status'],
  now: Instant,
): Promise<void> {
  const { changed, along } = await setPassword(app, pool, user, password, now)
  await app.store.transaction(async (store) => {
    await saveUser(store, pool, user, { ...changed, status }, now)
    await along(store)
    await dropCode(store, user, 'reset')
  })
}
