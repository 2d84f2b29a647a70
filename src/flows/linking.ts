import { canonical } from '../domain/alias.ts'
import { Fault } from '../domain/faults.ts'
import {
  identitiesOf,
  isLinkable,
  mostLinked,
  profileName,
  type Source,
  subjectAttribute,
  withIdentities,
} from '../domain/identity.ts'
import { type IdentityProvider, isSocial } from '../domain/identity-provider.ts'
import type { Username } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import type { User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import { DuplicateKey, type Store, type Tables } from '../ports/store.ts'
import { findProvider } from './identity-providers.ts'
import { saveUser } from './save-user.ts'

/** A user or an account elsewhere, as a request names it. */
export interface ProviderUser {
  readonly ProviderName?: string
  readonly ProviderAttributeName?: string
  readonly ProviderAttributeValue?: string
}

/** The pool itself, among providers. */
const local = 'Cognito'

/**
 * Makes an account elsewhere one of a user's, and returns them. It signs in as that user from then on, so it must be
 * nobody's yet.
 * @throws Fault InvalidParameter, ProviderNotFound, UserNotFound, TooMany
 */
export async function linkProvider(
  store: Store,
  pool: Pool,
  destination: ProviderUser,
  account: ProviderUser,
  now: Instant,
): Promise<User> {
  // In the words of boto3#4163 and many others.
  if (account.ProviderName === local) refuse(invalidSource)
  const source = sourceOf(account, 'SourceUser')
  const provider = await providerOf(store, pool, source)
  const user = await destinationUser(store, pool, destination)
  await mustBeNobody(store, pool, source, user)
  const linked = identitiesOf(user)
  if (linked.filter(({ primary }) => !primary).length >= mostLinked)
    throw new Fault('TooMany', 'identities linked to a user', mostLinked)
  const identity = {
    userId: source.value,
    providerName: provider.name,
    providerType: provider.type,
    issuer: provider.saml?.entityId ?? null,
    primary: false,
    dateCreated: now,
  }
  await store.transaction(async (store) => {
    await saveUser(store, pool, user, withIdentities(user, [...linked, identity]), now)
    await store.linkedIdentities.add(pool.id, source, user.username).catch((error) => {
      throw error instanceof DuplicateKey ? new Fault('InvalidParameter', linkedElsewhere) : error
    })
  })
  return user
}

const invalidSource =
  'Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a DestinationUser'
const linkedElsewhere = 'SourceUser is already linked to another user'

/**
 * Takes an account elsewhere from its user, or their password from a user of the pool; returns whose it was.
 * @throws Fault InvalidParameter, ProviderNotFound, UserNotFound
 */
export async function unlinkProvider(
  store: Store,
  pool: Pool,
  account: ProviderUser,
  now: Instant,
): Promise<User> {
  const source = sourceOf(account, 'User')
  if (source.provider === local) return disablePassword(store, pool, source, now)
  await providerOf(store, pool, source)
  const username = await store.linkedIdentities.find(pool.id, source)
  const user = username && (await store.users.find(pool.id, username))
  if (user === undefined) throw new Fault('UserNotFound')
  const identities = identitiesOf(user)
  const gone = identities.findIndex(
    ({ providerName, userId, primary }) =>
      !primary && providerName === source.provider && userId === source.value,
  )
  const rest = identities.filter((_, index) => index !== gone)
  await store.transaction(async (store) => {
    await saveUser(store, pool, user, withIdentities(user, rest), now)
    // Another call may have taken it between the two reads above.
    if (!(await store.linkedIdentities.remove(pool.id, source))) throw new Fault('UserNotFound')
  })
  return user
}

/** Nobody can set a new one by way of a code: who signs in elsewhere only has no password to forget. */
async function disablePassword(store: Store, pool: Pool, source: Source, now: Instant): Promise<User> {
  if (source.attribute !== subjectAttribute) refuse(mustNameSubject('User'))
  const user = await localUser(store, pool, source.value)
  const { password: _, ...rest } = user
  return saveUser(store, pool, user, { ...rest, status: 'EXTERNAL_PROVIDER' }, now)
}

/** The texts are ours. @throws Fault InvalidParameter */
function sourceOf(account: ProviderUser, member: string): Source {
  const { ProviderName, ProviderAttributeName, ProviderAttributeValue } = account
  if (!ProviderName || !ProviderAttributeName || !ProviderAttributeValue) {
    return refuse(`${member} must have a ProviderName, a ProviderAttributeName and a ProviderAttributeValue.`)
  }
  const source = {
    provider: ProviderName,
    attribute: ProviderAttributeName,
    value: ProviderAttributeValue,
  }
  mustBeStorable(source.attribute)
  mustBeStorable(source.value)
  if (!isLinkable(source)) refuse(`${member} is longer than the 128 characters of a username.`)
  return source
}

/** ours */
function mustBeStorable(text: string): void {
  if (/[\p{Cc}\p{Cs}]/u.test(text)) refuse('Attribute value has a character that cannot be stored')
}

/** @throws Fault ProviderNotFound, InvalidParameter */
async function providerOf(store: Tables, pool: Pool, source: Source): Promise<IdentityProvider> {
  const provider = await findProvider(store, pool, source.provider)
  if (isSocial(provider.type) && source.attribute !== subjectAttribute) refuse(mustNameSubject(provider.name))
  return provider
}

/** ours */
const mustNameSubject = (whose: string) => `ProviderAttributeName of ${whose} must be ${subjectAttribute}.`

/** @throws Fault InvalidParameter, UserNotFound */
async function destinationUser(
  store: Tables,
  pool: Pool,
  { ProviderName: provider, ProviderAttributeValue: value }: ProviderUser,
): Promise<User> {
  // ours
  if (!provider || !value)
    return refuse('DestinationUser must have a ProviderName and a ProviderAttributeValue.')
  mustBeStorable(value)
  if (provider === local) return localUser(store, pool, value)
  const name = canonical(pool.identity, `${provider}_${value}`) as Username
  const user = await store.users.find(pool.id, name)
  if (user?.status !== 'EXTERNAL_PROVIDER') throw new Fault('UserNotFound')
  return user
}

/** By the username and nothing else: an alias could become another's between two calls. @throws Fault UserNotFound */
async function localUser(store: Tables, pool: Pool, name: string): Promise<User> {
  const user = await store.users.find(pool.id, canonical(pool.identity, name) as Username)
  if (user === undefined) throw new Fault('UserNotFound')
  return user
}

/** @throws Fault InvalidParameter */
async function mustBeNobody(store: Tables, pool: Pool, source: Source, destination: User): Promise<void> {
  const username = await store.linkedIdentities.find(pool.id, source)
  if (username === destination.username) refuse('SourceUser is already linked to DestinationUser')
  if (username !== undefined) refuse(linkedElsewhere)
  if (source.attribute !== subjectAttribute) return
  const profile = await store.users.find(pool.id, canonical(pool.identity, profileName(source)) as Username)
  if (profile === undefined) return
  // Who only goes by the name of a profile has a password.
  if (profile.status !== 'EXTERNAL_PROVIDER') refuse(invalidSource)
  // In the words of aws-sdk-net#1000.
  refuse(
    'Merging is not currently supported, provide a SourceUser that has not been signed up in order to link',
  )
}

function refuse(text: string): never {
  throw new Fault('InvalidParameter', text)
}
