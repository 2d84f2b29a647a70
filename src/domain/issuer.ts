import { regionOf, type UserPoolId } from './ids.ts'
import type { Pool } from './pool.ts'

/** `iss`: this server's own URL, where the discovery documents are, or the URL that the real service would write. */
export function issuerOf(pool: Pool, form: 'own' | 'aws', publicUrl: string): string {
  if (form === 'own') return `${publicUrl}/${pool.id}`
  const host = pool.settings.IssuerConfiguration?.Type === 'UPDATED' ? 'issuer-cognito-idp' : 'cognito-idp'
  return `https://${host}.${regionOf(pool.id)}.amazonaws.com/${pool.id}`
}

/** The pool that an access token names as its issuer, unverified: it only tells whose key to verify with. */
export function poolIdOfIssuer(issuer: unknown): UserPoolId | undefined {
  if (typeof issuer !== 'string') return undefined
  const id = issuer.slice(issuer.lastIndexOf('/') + 1)
  return /^[\w-]{1,45}_[0-9A-Za-z]{1,20}$/.test(id) ? (id as UserPoolId) : undefined
}
