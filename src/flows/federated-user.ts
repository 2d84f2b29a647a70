import { canonical } from '../domain/alias.ts'
import type { Attributes } from '../domain/attribute.ts'
import { Fault } from '../domain/faults.ts'
import {
  claimsOf,
  groupOf,
  isProfileOf,
  mappedAttributes,
  newProfile,
  profileNameOf,
  sourcesOf,
  subjectIn,
  subjectOf,
  updatedProfile,
} from '../domain/federation.ts'
import { withIdentities } from '../domain/identity.ts'
import type { IdentityProvider } from '../domain/identity-provider.ts'
import type { Username } from '../domain/ids.ts'
import { mustHaveRoom } from '../domain/quotas.ts'
import type { Progress } from '../domain/session.ts'
import type { AnswerOf } from '../domain/trigger-event.ts'
import { noMfa, type User } from '../domain/user.ts'
import { DuplicateKey, StaleRow, type Tables } from '../ports/store.ts'
import type { Told } from './provider-protocol.ts'
import { mustNotBeBlocked } from './risk.ts'
import { saveUser } from './save-user.ts'
import { postAuthentication, preAuthentication } from './sign-in-triggers.ts'
import { flagsFor } from './sign-up.ts'
import type { SignIn } from './step.ts'
import { postConfirmation, runTrigger } from './triggers.ts'

type TextMap = Readonly<Record<string, string>>

/** Who signs in, as far as the provider's word and the pool's function about it go. */
interface Visitor {
  readonly provider: IdentityProvider
  /** What the provider calls them. */
  readonly subject: string
  readonly claims: TextMap
  readonly mapped: Attributes
}

/**
 * Signs in whoever a provider says that somebody is: the user whom their account is linked to, or else their own profile,
 * which comes into being at the first time. Returns the user as they stand now.
 * @throws Fault InvalidParameter, UserDisabled, TooMany, TriggerFailed, TriggerAnswer, TriggerUnreachable
 * @throws StaleRow for who lost a race: run again, they find what was written meanwhile
 */
export async function signInFederated(
  signIn: SignIn,
  provider: IdentityProvider,
  told: Told,
  progress: Progress,
): Promise<User> {
  await mustNotBeBlocked(signIn)
  const visitor = await inbound(signIn, provider, told)
  const user = await userOf(signIn, visitor)
  if (user === undefined) return join(signIn, visitor, progress)
  return welcomeBack(signIn, visitor, user, progress)
}

/** What the provider says, or what the pool's function makes of it: of its answer nothing else is kept. */
async function inbound(
  { app, pool, client }: SignIn,
  provider: IdentityProvider,
  { answer, subject: named }: Told,
): Promise<Visitor> {
  const given = claimsOf(answer)
  // Seen in an event of the live service: the name is the provider's own, there is no user yet.
  const about = { username: subjectOf(provider, given, named) ?? '', clientId: client.id }
  const heard = await runTrigger(app, pool, 'InboundFederation_ExternalProvider', about, () => ({
    providerName: provider.name,
    providerType: provider.type,
    attributes: answer,
  }))
  const claims = heard?.userAttributesToMap ?? given
  const subject = subjectIn(provider, claims, named)
  return { provider, subject, claims, mapped: mappedAttributes(provider, claims) }
}

/**
 * Whom an account is linked to, or its own profile. Who only goes by the name of a profile is somebody else, and nobody gets
 * in by it.
 * @throws Fault InvalidParameter
 */
async function userOf(
  { app: { store }, pool }: SignIn,
  { provider, subject, claims }: Visitor,
): Promise<User | undefined> {
  const owner = await store.linkedIdentities.find(pool.id, ...sourcesOf(provider, subject, claims))
  if (owner !== undefined) return store.users.find(pool.id, owner)
  const name = canonical(pool.identity, profileNameOf(provider, subject))
  const user = await store.users.find(pool.id, name as Username)
  // In the words of a refusal that AWS gave to others who found the name taken.
  if (user !== undefined && !isProfileOf(user, provider, subject))
    throw new Fault('InvalidParameter', `Already found an entry for username ${name}`)
  return user
}

/** A later sign-in. Its function may still change the user, so what the provider says today is written after it. */
async function welcomeBack(
  signIn: SignIn,
  { mapped }: Visitor,
  found: User,
  progress: Progress,
): Promise<User> {
  const { app, pool, client, now } = signIn
  signIn.witness?.entered({ name: found.username, user: found }, progress)
  if (!found.enabled) throw new Fault('UserDisabled')
  await preAuthentication(signIn, { name: found.username, user: found })
  const user = await app.store.users.find(pool.id, found.username)
  if (user === undefined) throw new StaleRow()
  const updated = updatedProfile(pool, client, user, mapped)
  const saved = updated === user ? user : await saveUser(app.store, pool, user, updated, now)
  await postAuthentication(signIn, saved, false)
  return saved
}

/** The first sign-in. The function that is asked may link the account to a user, who then is the one that signs in. */
async function join(signIn: SignIn, visitor: Visitor, progress: Progress): Promise<User> {
  const { app, pool, client, now } = signIn
  const { provider, subject, mapped } = visitor
  const attributes = newProfile(pool, client, mapped, provider.type)
  const username = canonical(pool.identity, profileNameOf(provider, subject)) as Username
  const about = { username, clientId: client.id }
  const wish = await runTrigger(app, pool, 'PreSignUp_ExternalProvider', about, () => ({
    // Captured events have the two, and have them empty.
    userAttributes: { 'cognito:email_alias': '', 'cognito:phone_number_alias': '', ...attributes },
    validationData: {},
  }))
  const linked = await userOf(signIn, visitor)
  if (linked !== undefined) return welcomeBack(signIn, visitor, linked, progress)
  const bare: User = {
    poolId: pool.id,
    username,
    sub: app.random.uuid(),
    status: 'EXTERNAL_PROVIDER',
    enabled: true,
    createdAt: now,
    modifiedAt: now,
    version: 1,
    attributes: { ...attributes, ...vouchedFor(attributes, wish) },
    mfa: noMfa,
  }
  const identity = {
    userId: subject,
    providerName: provider.name,
    providerType: provider.type,
    issuer: provider.saml?.entityId ?? null,
    primary: true,
    dateCreated: now,
  }
  const user = withIdentities(bare, [identity])
  await app.store.transaction(async (store) => {
    // Nobody goes by an address of a profile: it is one of several that may have it.
    await store.users.create(user, []).catch((error) => {
      throw error instanceof DuplicateKey ? new StaleRow() : error
    })
    await joinGroup(store, signIn, provider, user)
  })
  signIn.witness?.entered({ name: username, user }, progress)
  await postConfirmation(app, pool, user, 'PostConfirmation_ConfirmSignUp', {
    clientId: client.id,
    metadata: undefined,
  })
  return user
}

/** The addresses that the function vouches for; of the others the provider's word stands. */
function vouchedFor(
  attributes: Attributes,
  wish: AnswerOf<'PreSignUp_ExternalProvider'> | undefined,
): Attributes {
  const flags = Object.entries(flagsFor(attributes, wish))
  return Object.fromEntries(flags.filter(([, value]) => value === 'true'))
}

/** Everybody whose profile came from a provider is in its group, which comes into being with the first of them. */
async function joinGroup(
  store: Tables,
  { now }: SignIn,
  provider: IdentityProvider,
  { poolId, username }: User,
): Promise<void> {
  const group = groupOf(provider, now)
  if ((await store.groups.find(poolId, group.name)) === undefined) {
    mustHaveRoom('groups in a user pool', await store.groups.hold(poolId))
    await store.groups.create(group).catch((error) => {
      throw error instanceof DuplicateKey ? new StaleRow() : error
    })
  }
  await store.memberships.hold(poolId, username)
  await store.memberships.add(poolId, username, group.name)
}
