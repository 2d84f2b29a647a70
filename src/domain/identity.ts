import type { Instant } from '../lib/instant.ts'
import type { ProviderType } from './identity-provider.ts'
import type { User } from './user.ts'

/** One account elsewhere that a user signs in with, as the `identities` attribute lists it. */
export interface Identity {
  readonly userId: string
  readonly providerName: string
  readonly providerType: ProviderType
  /** The entity id of a SAML provider; null for the others. */
  readonly issuer: string | null
  /** Whether the profile came into being by signing in with it. */
  readonly primary: boolean
  readonly dateCreated: Instant
}

/** Fixed. Source: AWS's comment on AdminLinkProviderForUser. */
export const mostLinked = 5

/** Names the subject of whichever provider; anything else is an attribute that the provider's are mapped to. */
export const subjectAttribute = 'Cognito_Subject'

/** An account elsewhere as the operations on links name it. */
export interface Source {
  readonly provider: string
  readonly attribute: string
  readonly value: string
}

/** The attribute is the one place where they are kept. Nobody but this module writes it, so it is what it says. */
export function identitiesOf({ attributes }: Pick<User, 'attributes'>): readonly Identity[] {
  return attributes.identities === undefined ? [] : JSON.parse(attributes.identities)
}

export function withIdentities(user: User, identities: readonly Identity[]): User {
  const { identities: _, ...others } = user.attributes
  if (identities.length === 0) return { ...user, attributes: others }
  return { ...user, attributes: { ...others, identities: JSON.stringify(identities) } }
}

/** As ID tokens have them: the flag and the time are text there. */
export function identityClaims(user: User): Record<string, string | null>[] {
  return identitiesOf(user).map(({ userId, providerName, providerType, issuer, primary, dateCreated }) => ({
    userId,
    providerName,
    providerType,
    issuer,
    primary: String(primary),
    dateCreated: String(dateCreated),
  }))
}

/** Whether an account can be linked: provider, attribute and value become a username. Found by aws-sdk-js-v3#6985. */
export function isLinkable({ provider, attribute, value }: Source): boolean {
  const name = attribute === subjectAttribute ? '' : `${attribute}_`
  return `${provider}_${name}${value}`.length <= 128
}

/** The name of the profile that comes into being when such an account signs in and is linked to nobody. */
export const profileName = ({ provider, value }: Source): string => `${provider}_${value}`
