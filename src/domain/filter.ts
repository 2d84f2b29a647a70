import { Fault } from './faults.ts'
import type { User } from './user.ts'

/** The one comparison a ListUsers filter can make. */
export interface UserFilter {
  readonly attribute: SearchAttribute
  readonly operator: '=' | '^='
  readonly value: string
}

const searchable = [
  'username',
  'email',
  'phone_number',
  'name',
  'given_name',
  'family_name',
  'preferred_username',
  'cognito:user_status',
  'status',
  'sub',
] as const
export type SearchAttribute = (typeof searchable)[number]

/**
 * Reads `attribute = "value"` or `attribute ^= "value"`; quotes inside the value are escaped with a backslash.
 * @throws Fault InvalidParameter
 */
export function parseFilter(text: string): UserFilter | undefined {
  if (text.trim() === '') return undefined
  // One pass, no overlapping repeats: linear on hostile input, which is at most 256 characters anyway.
  const match = /^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/su.exec(text)
  const [, attribute, operator, quoted] = match ?? []
  // No value has a NUL in it, and PostgreSQL takes none.
  if (attribute === undefined || quoted === undefined || quoted.includes('\0'))
    throw new Fault('InvalidParameter', 'Error while parsing filter')
  if (!isSearchable(attribute)) throw new Fault('InvalidParameter', `Invalid search attribute: ${attribute}`)
  return { attribute, operator: operator === '^=' ? '^=' : '=', value: quoted.replace(/\\(.)/gsu, '$1') }
}

/**
 * Whether what a filter finds is listed by what was searched, and by username among equals; everything else is listed by
 * username alone. What begins with a prefix is found in that order, and to put a million of them into another takes seconds.
 */
export const listedByValue = ({ attribute, operator }: UserFilter): boolean =>
  operator === '^=' && attribute !== 'username' && attribute !== 'status'

/** Where a user stands in a listing: the next page begins behind it. */
export function placeIn(filter: UserFilter | undefined, user: User): string {
  if (filter === undefined || !listedByValue(filter)) return user.username
  return JSON.stringify([searchedOf(user, filter.attribute), user.username])
}

function searchedOf({ sub, status, attributes }: User, attribute: SearchAttribute): string | undefined {
  if (attribute === 'sub') return sub
  return attribute === 'cognito:user_status' ? status : attributes[attribute]
}

function isSearchable(name: string): name is SearchAttribute {
  return (searchable as readonly string[]).includes(name)
}
