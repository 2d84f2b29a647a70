import { regionOf, type UserPoolId } from './ids.ts'
import type { Pool } from './pool.ts'

/** `iss`: this server's own URL, where the discovery documents are, or the URL that the real service would write. */
export function issuerOf(pool: Pool, form: 'own' | 'aws', publicUrl: string): string {
  if (form === 'own') return `${publicUrl}/${pool.id}`
  // The updated form is one for all regions; the original names that of the endpoint, as observed (aws-jwt-verify#282).
  const host =
    pool.settings.IssuerConfiguration?.Type === 'UPDATED'
      ? `issuer-cognito-idp.${regionOf(pool.id)}`
      : `cognito-idp.${pool.region}`
  return `https://${host}.amazonaws.com/${pool.id}`
}

/** Every region of a pool recognizes the tokens of the others: they are signed with one key, and that decides. */
export function isIssuerOf(pool: Pool, issuer: string, form: 'own' | 'aws', publicUrl: string): boolean {
  const named = /^https:\/\/cognito-idp\.([a-z0-9-]+)\.amazonaws\.com\//.exec(issuer)?.[1] ?? pool.region
  return issuer === issuerOf({ ...pool, region: named }, form, publicUrl)
}

/** The pool that an access token names as its issuer, unverified: it only tells whose key to verify with. */
export function poolIdOfIssuer(issuer: unknown): UserPoolId | undefined {
  if (typeof issuer !== 'string') return undefined
  const id = issuer.slice(issuer.lastIndexOf('/') + 1)
  return /^[\w-]{1,45}_[0-9A-Za-z]{1,20}$/.test(id) ? (id as UserPoolId) : undefined
}
