import { clientClaims } from '../domain/claims.ts'
import { type Client, lifetimes, machineScopes } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import { issuerOf } from '../domain/issuer.ts'
import type { Pool } from '../domain/pool.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import { mustBeClientSecret } from './client-secrets.ts'
import { definedScopes } from './resource-servers.ts'
import { signToken } from './signing.ts'

/**
 * An access token for a client itself, with the scopes it asks for, or all it has. Those whose definition is gone are left
 * out, and nothing said.
 * @throws Fault ClientTokenNotEnabled, ClientSecretWrong, InvalidParameter
 */
export async function clientToken(
  app: App,
  pool: Pool,
  client: Client,
  request: { readonly secret: string; readonly scopes: readonly string[] | undefined },
  now: Instant,
): Promise<{ accessToken: string; expiresIn: number }> {
  mustBeClientSecret(app, client, request.secret)
  // Mutually exclusive with every flow of a user, says the API reference.
  if (!client.settings.ExplicitAuthFlows?.includes('ALLOW_CLIENT_TOKEN_AUTH'))
    throw new Fault('ClientTokenNotEnabled')
  const allowed = machineScopes(client.settings)
  const wanted = new Set(request.scopes?.length ? request.scopes : allowed)
  const unknown = [...wanted].find((scope) => !allowed.includes(scope))
  if (unknown !== undefined) throw new Fault('InvalidParameter', `Invalid scope requested: ${unknown}`)
  const active = await definedScopes(app.store, pool, [...wanted])
  const claims = clientClaims({
    issuer: issuerOf(pool, app.site.issuer, app.site.publicUrl),
    client,
    scopes: [...active],
    now,
    jti: app.random.uuid(),
  })
  const accessToken = await signToken(app, pool.id, 'access', claims)
  return { accessToken, expiresIn: lifetimes(client.settings).access / 1000 }
}
