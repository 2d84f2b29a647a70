import type { Attributes } from './attribute.ts'
import { Fault } from './faults.ts'
import { identitiesOf } from './identity.ts'
import type { Username } from './ids.ts'
import type { AliasAttribute, Pool, PoolIdentity } from './pool.ts'
import { isVerified, type User } from './user.ts'

/** Another way to name a user when signing in or in an admin call, unique in its pool. */
export interface Alias {
  readonly kind: AliasAttribute
  readonly value: string
}

/** A username or alias in the form in which a pool stores and finds it. */
export function canonical(identity: PoolIdentity, name: string): string {
  return identity.caseSensitive ? name : name.toLowerCase()
}

/** In a pool whose usernames are attributes, the stored username is a UUID. */
export const hasUsernameAttributes = (identity: PoolIdentity): boolean =>
  (identity.usernameAttributes?.length ?? 0) > 0

/**
 * The aliases a user holds; the profile of an account elsewhere holds none, for its addresses are others' too. Attributes
 * that are the username count at once; alias attributes count only when verified (preferred_username: when confirmed), so an
 * unconfirmed user cannot occupy somebody's address.
 */
export function aliasesOf(pool: Pool, user: Pick<User, 'attributes' | 'status'>): Alias[] {
  const { attributes } = user
  if (identitiesOf(user).some(({ primary }) => primary)) return []
  const aliases: Alias[] = []
  const hold = (kind: AliasAttribute, value: string | undefined) => {
    if (value !== undefined && value !== '') aliases.push({ kind, value: canonical(pool.identity, value) })
  }
  if (hasUsernameAttributes(pool.identity)) {
    for (const kind of pool.identity.usernameAttributes ?? []) hold(kind, attributes[kind])
    return aliases
  }
  for (const kind of pool.identity.aliasAttributes ?? []) {
    if (kind === 'preferred_username') {
      if (user.status !== 'UNCONFIRMED') hold(kind, attributes[kind])
    } else if (isVerified(attributes, kind)) hold(kind, attributes[kind])
  }
  return aliases
}

/** What a user signs in with, as an invitation names it: the attribute that is the username, else the username. */
export function signInName(pool: Pool, user: User): string {
  const values = (pool.identity.usernameAttributes ?? []).map((kind) => user.attributes[kind])
  return values.find((value) => value !== undefined) ?? user.username
}

/** The kinds of alias under which a given name may be found in this pool. */
export function aliasKinds(identity: PoolIdentity): readonly AliasAttribute[] {
  return identity.usernameAttributes ?? identity.aliasAttributes ?? []
}

const emailShaped = (name: string) => /^[^@\s]+@[^@\s]+$/u.test(name)
const phoneShaped = (name: string) => /^\+[0-9]{1,15}$/.test(name)

const aliasTexts: Partial<Record<AliasAttribute, string>> = { email: 'email', phone_number: 'phone number' }

/** The alias of the pool that a name has the form of: nobody is called so, they only go by it. */
function shapedAsAlias({ aliasAttributes }: PoolIdentity, name: string): AliasAttribute | undefined {
  return aliasAttributes?.find(
    (kind) => (kind === 'email' && emailShaped(name)) || (kind === 'phone_number' && phoneShaped(name)),
  )
}

/** Whether somebody can have this name for their username, and not only go by it. */
export const canBeUsername = (identity: PoolIdentity, name: string): boolean =>
  !hasUsernameAttributes(identity) && shapedAsAlias(identity, name) === undefined

/**
 * The username to store for a new user, and the attributes with the one that the given name fills in.
 * @throws Fault InvalidParameter when the name does not have the form that the pool asks for.
 */
export function nameNewUser(
  pool: Pool,
  given: string,
  attributes: Attributes,
  sub: string,
): { username: Username; attributes: Attributes } {
  const kinds = pool.identity.usernameAttributes ?? []
  if (kinds.length === 0) {
    const alias = shapedAsAlias(pool.identity, given)
    if (alias !== undefined) {
      const form = aliasTexts[alias]
      throw new Fault(
        'InvalidParameter',
        `Username cannot be of ${form} format, since user pool is configured for ${form} alias.`,
      )
    }
    return { username: canonical(pool.identity, given) as Username, attributes }
  }
  const kind = kinds.find((attribute) => (attribute === 'email' ? emailShaped(given) : phoneShaped(given)))
  if (kind === undefined) {
    const wanted =
      kinds.length > 1
        ? 'either an email or a phone number'
        : kinds[0] === 'email'
          ? 'an email'
          : 'a phone number'
    throw new Fault('InvalidParameter', `Username should be ${wanted}.`)
  }
  return { username: sub as Username, attributes: { ...attributes, [kind]: given } }
}
