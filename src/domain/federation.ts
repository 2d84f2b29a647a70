import type { Instant } from '../lib/instant.ts'
import type { Attributes } from './attribute.ts'
import { checkAttributes, checkRequired } from './attribute.ts'
import { withoutAttributes } from './attribute-change.ts'
import type { Client } from './client.ts'
import { unwritable } from './client.ts'
import { Fault } from './faults.ts'
import type { Group } from './group.ts'
import { identitiesOf, isLinkable, profileName, type Source, subjectAttribute } from './identity.ts'
import type { IdentityProvider, ProviderType } from './identity-provider.ts'
import type { Pool } from './pool.ts'
import type { User } from './user.ts'

type TextMap = Readonly<Record<string, string>>

/**
 * What an identity provider says about who signs in, in the parts that InboundFederation is shown: `tokenResponse`, `idToken`
 * and `userInfo` of one that speaks OAuth, `samlResponse` of the others.
 */
export type ProviderAnswer = Readonly<Record<string, TextMap>>

/** A JSON value as an attribute can hold it: text as it is, nothing for null, the others as JSON. */
export function textsOf(values: Readonly<Record<string, unknown>>): TextMap {
  const entries = Object.entries(values).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

/** The claims that attributes are mapped from. What the user info endpoint says is the later word. */
export const claimsOf = ({ idToken, userInfo, samlResponse }: ProviderAnswer): TextMap => ({
  ...idToken,
  ...userInfo,
  ...samlResponse,
})

/** Who it is at the provider: whom the claim for usernames names; where none is for them, whom the protocol does. */
export const subjectOf = (
  { mapping }: IdentityProvider,
  claims: TextMap,
  named: string | undefined,
): string | undefined => (mapping.username === undefined ? named : claims[mapping.username])

/** The text was seen in amplify-js#239. @throws Fault InvalidParameter where nobody is named */
export function subjectIn(provider: IdentityProvider, claims: TextMap, named?: string): string {
  const subject = subjectOf(provider, claims, named)
  if (!subject) throw new Fault('InvalidParameter', 'username attribute mapping required')
  return subject
}

/** The attributes of the pool that a provider's claims fill in. */
export function mappedAttributes({ mapping }: IdentityProvider, claims: TextMap): Attributes {
  const entries = Object.entries(mapping).flatMap(([name, claim]): [string, string][] => {
    const value = name === 'username' ? undefined : claims[claim]
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(entries)
}

/** Every way in which an account elsewhere may be linked to a user: by its subject, or by another of its claims. */
export function sourcesOf(provider: IdentityProvider, subject: string, claims: TextMap): Source[] {
  const source = (attribute: string, value: string) => ({ provider: provider.name, attribute, value })
  const others = Object.entries(claims).map(([name, value]) => source(name, value))
  return [source(subjectAttribute, subject), ...others].filter(
    (one) => isLinkable(one) && !/[\p{Cc}\p{Cs}]/u.test(one.attribute + one.value),
  )
}

/**
 * Whether a user is the profile of that account, and nobody who only goes by the same name: usernames are free to choose, and
 * may be compared without regard to case.
 */
export const isProfileOf = (user: User, provider: IdentityProvider, subject: string): boolean =>
  user.status === 'EXTERNAL_PROVIDER' &&
  identitiesOf(user).some(
    ({ primary, providerName, userId }) => primary && providerName === provider.name && userId === subject,
  )

/** The username of a profile, as it was given. @throws Fault InvalidParameter (ours) for one that nobody can have */
export function profileNameOf(provider: IdentityProvider, subject: string): string {
  const name = profileName({ provider: provider.name, attribute: subjectAttribute, value: subject })
  if (name.length > 128 || /[\p{Cc}\p{Cs}\p{Z}]/u.test(name))
    throw new Fault(
      'InvalidParameter',
      'username: The subject of the identity provider cannot be a username.',
    )
  return name
}

/** The client must be able to write what is mapped. Source: developer guide, "Mapping IdP attributes"; the text is ours. */
function mustBeWritable({ settings }: Client, names: readonly string[]): void {
  const { WriteAttributes: writable } = settings
  const barred = names.find((name) => writable && !writable.includes(name) && !unwritable.has(name))
  if (barred !== undefined)
    throw new Fault('InvalidParameter', `user.${barred}: The app client cannot write the attribute.`)
}

/**
 * The attributes of a profile that comes into being. An address is not verified before the provider says so.
 * @throws Fault InvalidParameter
 */
export function newProfile(
  pool: Pool,
  client: Client,
  mapped: Attributes,
  type: ProviderType = 'OIDC',
): Attributes {
  const given = Object.fromEntries(Object.entries(mapped).filter(([, value]) => value !== ''))
  // Where a SAML provider says too little, the refusal is another. Source: re:Post, "invalid SAML response errors".
  if (type === 'SAML') checkRequired(pool.schema, given)
  const missing = pool.schema.filter(({ Name, Required }) => Required && Name !== 'sub' && !given[Name])
  // Captured by many.
  if (missing.length > 0)
    throw new Fault(
      'InvalidParameter',
      `attributes required: [${missing.map(({ Name }) => Name).join(', ')}]`,
    )
  mustBeWritable(client, Object.keys(given))
  checkAttributes(pool.schema, given, 'creating')
  return { ...unverified(given, given), ...given }
}

/**
 * A user with what the provider says today. A claim that is not there leaves its attribute as it is, an empty one takes it
 * away; an address that changes is not verified before the provider says so.
 * @throws Fault InvalidParameter, also where an attribute would change that cannot
 */
export function updatedProfile(pool: Pool, client: Client, user: User, mapped: Attributes): User {
  const news = Object.entries(mapped).filter(([name, value]) => value !== (user.attributes[name] ?? ''))
  if (news.length === 0) return user
  const values = Object.fromEntries(news)
  mustBeWritable(client, Object.keys(values))
  checkAttributes(pool.schema, values, 'updating')
  const attributes = { ...user.attributes, ...unverified(values, mapped), ...values }
  const removed = Object.keys(values).filter((name) => values[name] === '')
  return withoutAttributes(pool, { ...user, attributes }, removed)
}

/** The flags of addresses that are new, where the provider is silent about them. */
function unverified(values: Attributes, mapped: Attributes): Attributes {
  const flags = (['email', 'phone_number'] as const).flatMap((name): [string, string][] => {
    const flag = `${name}_verified`
    return values[name] && mapped[flag] === undefined ? [[flag, 'false']] : []
  })
  return Object.fromEntries(flags)
}

/** The group of all whose profiles came from a provider. Name and description are captured. */
export const groupOf = ({ poolId, name }: IdentityProvider, now: Instant): Group => ({
  poolId,
  name: `${poolId}_${name}`,
  description: `Autogenerated group for users who sign in using ${name}`,
  createdAt: now,
  modifiedAt: now,
  version: 1,
})
