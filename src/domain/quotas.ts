import { Fault } from './faults.ts'

/**
 * How many there may be of what AWS counts, by the words that a refusal uses. The guide gives some higher to accounts that
 * ask; these are what an account begins with. What a request names too many of is refused by its shape, and the users of a
 * pool, forty million, are not counted. Source: developer guide, "Quotas in Amazon Cognito".
 */
export const quotas = {
  'user pools in a Region': 1_000,
  'app clients in a user pool': 1_000,
  'custom attributes in a user pool': 50,
  'groups in a user pool': 10_000,
  'groups of a user': 100,
  passkeys: 20,
  'client secrets': 2,
} as const

/** `present` is how many there are before another comes. @throws Fault TooMany */
export function mustHaveRoom(what: keyof typeof quotas, present: number): void {
  const most = quotas[what]
  if (present >= most) throw new Fault('TooMany', what, most)
}
