import { aliasesOf, nameNewUser } from '../domain/alias.ts'
import { checkAttributes } from '../domain/attribute.ts'
import { stated } from '../domain/attribute-change.ts'
import { hidesUsers } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import { type MfaPreferences, noMfa, type User } from '../domain/user.ts'
import { Secret } from '../lib/secret.ts'
import { AliasTaken, DuplicateKey, StaleRow } from '../ports/store.ts'
import { takeAliases } from './aliases.ts'
import { welcomes } from './create-user.ts'
import { post } from './messages.ts'
import type { ClientCall } from './named-user.ts'
import { hashPassword } from './passwords.ts'
import { runTrigger } from './triggers.ts'

/** A call for somebody unknown. */
interface MigrationCall extends ClientCall {
  readonly validationData?: Readonly<Record<string, string>> | undefined
}

/**
 * Takes over somebody whom only the pool's migration function knows: at a sign-in with a password, which becomes theirs
 * without the policy's say, or when they have forgotten it. Whatever goes wrong in there, the caller hears of nobody.
 * @throws Fault MigrationFailed
 */
export async function migrateUser(
  call: MigrationCall,
  name: string,
  reason: { readonly password: string | undefined } | 'forgotten',
): Promise<User | undefined> {
  const password = reason === 'forgotten' ? undefined : reason.password
  if (reason !== 'forgotten' && password === undefined) return undefined
  // A secondary cannot create users.
  if (call.pool.replica !== undefined) return undefined
  try {
    return await migrate(call, name, password)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (hidesUsers(call.client.settings)) return undefined
    throw new Fault('MigrationFailed', call.client.id)
  }
}

async function migrate(
  call: MigrationCall,
  name: string,
  password: string | undefined,
): Promise<User | undefined> {
  const { app, pool, client, now, validationData, metadata } = call
  const source = password === undefined ? 'UserMigration_ForgotPassword' : 'UserMigration_Authentication'
  const answer = await runTrigger(app, pool, source, { username: name, clientId: client.id }, () => ({
    password,
    validationData,
    clientMetadata: metadata,
  }))
  if (answer?.userAttributes === undefined) return undefined
  const { username: _, ...given } = answer.userAttributes
  const sub = app.random.uuid()
  const { username, attributes } = nameNewUser(pool, name, stated(given), sub)
  checkAttributes(pool.schema, attributes, 'creating')
  const mfa: MfaPreferences = answer.enableSMSMFA ? { ...noMfa, legacySms: true } : noMfa
  const user: User = {
    poolId: pool.id,
    username,
    sub,
    status: answer.finalUserStatus,
    enabled: true,
    createdAt: now,
    modifiedAt: now,
    version: 1,
    attributes,
    ...(password !== undefined && {
      password: await hashPassword(app, pool.id, username, new Secret(password), now),
    }),
    mfa,
  }
  const aliases = aliasesOf(pool, user)
  // Documented for messageAction. That the words are those of an invitation without a password is assumed.
  const letters =
    answer.messageAction === 'SUPPRESS' ? [] : await welcomes(call, user, name, answer.desiredDeliveryMediums)
  await app.store.transaction(async (store) => {
    if (answer.forceAliasCreation) await takeAliases(store, pool, aliases, username, now)
    try {
      await store.users.create(user, aliases)
    } catch (error) {
      // Somebody else has migrated them in the meantime: found at the next look.
      if (error instanceof DuplicateKey) throw new StaleRow()
      if (error instanceof AliasTaken) throw new Fault('AliasExists', error.alias.kind)
      throw error
    }
    for (const letter of letters) await post(call, store, letter)
  })
  if (letters.length > 0) app.outbox.kick()
  return user
}
