import { Fault } from './faults.ts'
import type { UserPoolId } from './ids.ts'
import type { Pool } from './pool.ts'

/** An API that takes a pool's access tokens, and the scopes that it knows. */
export interface ResourceServer {
  readonly poolId: UserPoolId
  readonly identifier: string
  readonly name: string
  readonly scopes: readonly ResourceScope[]
  /** The service's own, which nobody changes. */
  readonly managed?: true
}

/** In AWS's own words. */
export interface ResourceScope {
  readonly ScopeName: string
  readonly ScopeDescription: string
}

/** The default. Source: developer guide, "Quotas in Amazon Cognito". */
export const mostResourceServers = 25

/** Its scopes as clients and tokens name them. */
export const scopesOf = ({ identifier, scopes }: ResourceServer): string[] =>
  scopes.map(({ ScopeName }) => `${identifier}/${ScopeName}`)

/** The server that a scope names, which any scope of one does: no scope's own name has a slash. */
export function identifierIn(scope: string): string | undefined {
  const slash = scope.lastIndexOf('/')
  return slash > 0 ? scope.slice(0, slash) : undefined
}

const managedIdentifier = 'aws.cognito/dcr'

/**
 * The server behind `aws.cognito/dcr/register`, the scope of tokens that may register clients: the service keeps it for
 * pools where clients can. Its identifier is all before the last slash, as the model's pattern of scope names has it.
 */
export function managedServer(pool: Pool): ResourceServer | undefined {
  if (pool.settings.DcrConfiguration?.EnableStatus !== 'Enabled') return undefined
  return {
    poolId: pool.id,
    identifier: managedIdentifier,
    name: 'Amazon Cognito dynamic client registration',
    scopes: [{ ScopeName: 'register', ScopeDescription: 'Register app clients' }],
    managed: true,
  }
}

/** The texts are ours. @throws Fault InvalidParameter */
export function checkServer({ identifier, scopes }: ResourceServer): void {
  if (identifier === 'aws.cognito' || identifier.startsWith('aws.cognito/')) {
    throw new Fault('InvalidParameter', `The identifier ${identifier} is reserved.`)
  }
  const names = scopes.map(({ ScopeName }) => ScopeName)
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined) throw new Fault('InvalidParameter', `The scope ${twice} is defined twice.`)
}
