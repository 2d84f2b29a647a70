import { type Instant, minutes } from '../lib/instant.ts'
import { Fault } from './faults.ts'

/**
 * What a SAML 2.0 response must say before a pool believes it. Sources: developer guide, "Things to know about SAML IdPs in
 * Amazon Cognito user pools"; saml-profiles-2.0-os, 4.1.4. The texts are ours but where they are said not to be.
 */

/** A response as it reads, once its signature has been found to be the provider's. */
export interface SamlResponse {
  readonly issuer?: string
  readonly destination?: string
  readonly inResponseTo?: string
  readonly assertion: SamlAssertion
}

export interface SamlAssertion extends Window {
  readonly id: string
  readonly issuer: string
  readonly issuedAt: Instant
  readonly nameId: string
  /** A list a restriction: the assertion is for whoever is in all of them. */
  readonly audiences: readonly (readonly string[])[]
  /** Each says on which terms whoever brings the assertion is the one that it is about. */
  readonly bearers: readonly Bearer[]
  readonly attributes: Readonly<Record<string, string>>
}

interface Bearer extends Window {
  readonly recipient?: string
  readonly inResponseTo?: string
}

interface Window {
  readonly notBefore?: Instant
  readonly notOnOrAfter?: Instant
}

/** What a pool waits for. */
export interface SamlExpectation {
  /** Whose word it is to be. */
  readonly issuer: string
  /** The pool's own name. */
  readonly audience: string
  /** Where the response has arrived. */
  readonly recipient: string
  /** The request that it answers; nothing where the provider begins. */
  readonly requestId: string | undefined
}

/** The pool as a service provider. */
export const entityIdOf = ({ id }: { readonly id: string }): string => `urn:amazon:cognito:sp:${id}`

/** How far a provider's clock may be off, which the guide leaves open. */
const skew = minutes(1)

/** How long an assertion is good that nobody has asked for. Source: the guide. */
const unaskedLifetime = minutes(6)

/** Longer than any assertion is good: what has been used is remembered until then. */
export const usedLifetime = minutes(10)

/** @throws Fault InvalidParameter */
export function checkResponse(
  { assertion, ...response }: SamlResponse,
  expected: SamlExpectation,
  now: Instant,
): void {
  const { issuer, audience, recipient, requestId } = expected
  if (assertion.issuer !== issuer || (response.issuer ?? issuer) !== issuer)
    refuse('The issuer is not the identity provider.')
  if ((response.destination ?? recipient) !== recipient) refuse('The destination is not this endpoint.')
  if (response.inResponseTo !== requestId) refuse('InResponseTo is not the request.')
  const { audiences } = assertion
  if (audiences.length === 0 || !audiences.every((names) => names.includes(audience)))
    refuse(`The audience is not ${audience}.`)
  if (now + skew < Math.max(assertion.issuedAt, assertion.notBefore ?? now))
    refuse('The assertion is not yet valid.')
  if (now - skew >= (assertion.notOnOrAfter ?? now)) refuse('The assertion has expired.')
  if (!assertion.bearers.some((bearer) => isConfirmed(bearer, expected, now)))
    refuse('No subject confirmation is for this endpoint, this request and this time.')
  if (requestId === undefined && now - skew >= assertion.issuedAt + unaskedLifetime)
    refuse('The assertion was issued too long ago.')
}

/** Where an answer may be brought, and until when, is a must: a bearer has nothing else to show. */
const isConfirmed = (bearer: Bearer, { recipient, requestId }: SamlExpectation, now: Instant): boolean =>
  bearer.recipient === recipient &&
  bearer.inResponseTo === requestId &&
  bearer.notOnOrAfter !== undefined &&
  now - skew < bearer.notOnOrAfter &&
  now + skew >= (bearer.notBefore ?? now)

/**
 * The values of an attribute as the one text that it becomes. Captured: `[one, two]` (oauth2-proxy#1765); how several are
 * encoded is in the guide, "Mapping IdP attributes".
 */
export function joined(values: readonly string[]): string {
  const [first = '', ...others] = values
  if (others.length === 0) return first
  return `[${values.map((value) => new URLSearchParams([['', value]]).toString().slice(1)).join(', ')}]`
}

/** Source: the guide, which wants them in Base64. @throws Fault InvalidParameter */
export function checkCharacters(attributes: Readonly<Record<string, string>>): void {
  const name = Object.keys(attributes).find((name) => /[\u{10000}-\u{10FFFF}]/u.test(attributes[name] ?? ''))
  if (name !== undefined) refuse(`The attribute ${name} has a character of four bytes.`)
}

function refuse(text: string): never {
  throw new Fault('InvalidParameter', text)
}
