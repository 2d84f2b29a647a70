import { clientClaims } from '../domain/claims.ts'
import { type Client, lifetimes, machineScopes } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import { issuerOf } from '../domain/issuer.ts'
import type { Pool } from '../domain/pool.ts'
import { overriddenAccess } from '../domain/token-overrides.ts'
import { functionOf } from '../domain/trigger-event.ts'
import type { TokenOverrides } from '../domain/trigger-tokens.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import { mustBeClientSecret } from './client-secrets.ts'
import { definedScopes } from './resource-servers.ts'
import { signToken } from './signing.ts'
import { type Metadata, preTokenGeneration, triggerFaults } from './triggers.ts'

export interface MachineToken {
  readonly accessToken: string
  /** Seconds */
  readonly expiresIn: number
}

/**
 * An access token for a client itself, with the scopes it asks for, or all it has. Those whose definition is gone are left
 * out, and nothing said.
 * @throws Fault ClientTokenNotEnabled, ClientSecretWrong, InvalidParameter
 */
export async function clientToken(
  app: App,
  pool: Pool,
  client: Client,
  request: {
    readonly secret: string
    readonly scopes: readonly string[] | undefined
    readonly metadata: Metadata
  },
  now: Instant,
): Promise<MachineToken> {
  mustBeClientSecret(app, client, request.secret)
  // Mutually exclusive with every flow of a user, says the API reference.
  if (!client.settings.ExplicitAuthFlows?.includes('ALLOW_CLIENT_TOKEN_AUTH'))
    throw new Fault('ClientTokenNotEnabled')
  const allowed = machineScopes(client.settings)
  const wanted = new Set(request.scopes?.length ? request.scopes : allowed)
  const unknown = [...wanted].find((scope) => !allowed.includes(scope))
  if (unknown !== undefined) throw new Fault('InvalidParameter', `Invalid scope requested: ${unknown}`)
  const active = await definedScopes(app.store, pool, [...wanted])
  return machineToken(app, pool, client, active, request.metadata, now)
}

/** The token, for a client that has shown who it is and may have these scopes. @throws Fault InvalidParameter */
export async function machineToken(
  app: App,
  pool: Pool,
  client: Client,
  active: ReadonlySet<string>,
  metadata: Metadata,
  now: Instant,
): Promise<MachineToken> {
  const claims = clientClaims({
    issuer: issuerOf(pool, app.site.issuer, app.site.publicUrl),
    client,
    scopes: [...active],
    now,
    jti: app.random.uuid(),
  })
  const overrides = await overridesFor(app, pool, client, [...active], metadata)
  const accessToken = await signToken(app, pool.id, 'access', overriddenAccess(claims, overrides))
  return { accessToken, expiresIn: lifetimes(client.settings).access / 1000 }
}

/**
 * What the pool's function changes in a token of a machine, of which events of the third version alone tell. The model gives
 * the operation no exception for triggers, so what goes wrong with one is said in another's words.
 * @throws Fault InvalidParameter
 */
async function overridesFor(
  app: App,
  pool: Pool,
  client: Client,
  scopes: readonly string[],
  metadata: Metadata,
): Promise<TokenOverrides | undefined> {
  if (functionOf(pool.settings.LambdaConfig, 'PreTokenGeneration')?.version !== 'V3_0') return undefined
  const about = { username: 'ClientCredentials', clientId: client.id }
  const facts = { userAttributes: {}, groupConfiguration: null, scopes, clientMetadata: metadata }
  try {
    const overrides = await preTokenGeneration(
      app,
      pool,
      'TokenGeneration_ClientCredentials',
      about,
      () => facts,
    )
    // A machine is in no group.
    return overrides && { id: overrides.id, access: overrides.access }
  } catch (error) {
    const isTriggers = error instanceof Fault && triggerFaults.some((code) => code === error.code)
    throw isTriggers ? new Fault('InvalidParameter', error.message) : error
  }
}
