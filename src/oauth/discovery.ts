import type { UserPoolId } from '../domain/ids.ts'
import { issuerOf } from '../domain/issuer.ts'
import type { App } from '../ports/app.ts'
import { regionOfHost } from '../protocol/host.ts'

/**
 * OpenID Connect discovery. Of a pool that has a domain the document names the endpoints that are there, at the owner's own
 * domain where there is one. Nothing when there is no such pool.
 */
export async function discovery(
  app: App,
  poolId: string,
  host: string | undefined,
): Promise<Record<string, unknown> | undefined> {
  const pool = await app.store.pools.find(poolId as UserPoolId, regionOfHost(host))
  if (pool === undefined) return undefined
  const issuer = issuerOf(pool, app.site.issuer, app.site.publicUrl)
  const domains = await app.store.domains.ofPool(pool.id)
  const own = domains.find(({ custom }) => custom !== undefined)
  const origin = own === undefined ? app.site.publicUrl : `https://${own.host}`
  const endpoints = {
    authorization_endpoint: `${origin}/oauth2/authorize`,
    revocation_endpoint: `${origin}/oauth2/revoke`,
    token_endpoint: `${origin}/oauth2/token`,
    userinfo_endpoint: `${origin}/oauth2/userInfo`,
  }
  return {
    ...(domains.length > 0 && endpoints),
    id_token_signing_alg_values_supported: ['RS256'],
    issuer,
    jwks_uri: `${app.site.publicUrl}/${pool.id}/.well-known/jwks.json`,
    response_types_supported: ['code', 'token'],
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    subject_types_supported: ['public'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  }
}
