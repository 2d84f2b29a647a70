import type { Challenge } from '../domain/challenge.ts'
import type { Client } from '../domain/client.ts'
import { Fault } from '../domain/faults.ts'
import type { Pool } from '../domain/pool.ts'
import type { User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import type { Secret } from '../lib/secret.ts'
import type { IssuedTokens } from './tokens.ts'

/** Where a sign-in stands after a call: something more is asked, or it is done. Faces only render it. */
export type Step =
  | {
      readonly kind: 'challenge'
      readonly name: Challenge
      readonly session: Secret
      readonly parameters: Readonly<Record<string, string>>
    }
  | { readonly kind: 'signed-in'; readonly user: User; readonly tokens: IssuedTokens }

export interface SignIn {
  readonly pool: Pool
  readonly client: Client
  readonly now: Instant
}

export type Parameters = Readonly<Record<string, string>>

/** @throws Fault InvalidParameter when the parameter is not there */
export function parameter(parameters: Parameters, name: string): string {
  const value = parameters[name]
  if (value === undefined || value === '')
    throw new Fault('InvalidParameter', `Missing required parameter ${name}`)
  return value
}
