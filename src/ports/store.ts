import type { Alias } from '../domain/alias.ts'
import type { Client } from '../domain/client.ts'
import type { UserFilter } from '../domain/filter.ts'
import type { ClientId, Username, UserPoolId } from '../domain/ids.ts'
import type { Message } from '../domain/message.ts'
import type { Pool } from '../domain/pool.ts'
import type { AuthSession, TokenSession } from '../domain/session.ts'
import type { User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'

/**
 * The durable state, one small interface an aggregate. Every promise that writes resolves after the write is durable.
 *
 * Rows that may race carry a version. Saving one that somebody else has saved since it was loaded throws `StaleRow`;
 * the pipeline then runs the operation again from the start, on fresh rows.
 */
export interface Store extends Tables {
  /**
   * All or nothing, durable when the promise resolves. `work` may await the tables it is given and nothing else:
   * on the embedded store one transaction runs at a time.
   */
  readonly transaction: <T>(work: (tables: Tables) => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

export interface Tables {
  readonly pools: Pools
  readonly clients: Clients
  readonly users: Users
  readonly authSessions: AuthSessions
  readonly tokenSessions: TokenSessions
  readonly messages: Messages
}

/** A row was changed between being loaded and being saved. */
export class StaleRow extends Error {}

/** An alias is held by another user of the pool. */
export class AliasTaken extends Error {
  readonly alias: Alias

  constructor(alias: Alias) {
    super(`${alias.kind} is held by another user`)
    this.alias = alias
  }
}

/** A key that must be unique is there already. */
export class DuplicateKey extends Error {}

/** `after` is the key of the last item of the page before; a page that is full may have another behind it. */
export interface PageRequest {
  readonly after?: string
  readonly limit: number
}

/** One of a pool's two RSA key pairs. */
export interface SigningKey {
  readonly use: 'id' | 'access'
  readonly kid: string
  /** A public JWK, as the JWKS shows it. */
  readonly jwk: Readonly<Record<string, string>>
  /** PKCS #8 DER, sealed. */
  readonly sealedPrivateKey: string
}

export interface Pools {
  readonly find: (id: UserPoolId) => Promise<Pool | undefined>
  /** By id, within a region. */
  readonly page: (region: string, page: PageRequest) => Promise<Pool[]>
  readonly create: (pool: Pool, keys: readonly SigningKey[]) => Promise<void>
  /** @throws StaleRow */
  readonly save: (pool: Pool) => Promise<void>
  /** With everything in it. */
  readonly delete: (id: UserPoolId) => Promise<void>
  readonly keys: (id: UserPoolId) => Promise<SigningKey[]>
}

export interface Clients {
  readonly find: (poolId: UserPoolId, id: ClientId) => Promise<Client | undefined>
  /** The pool of a client, for calls that name only the client. */
  readonly poolOf: (id: ClientId) => Promise<UserPoolId | undefined>
  readonly page: (poolId: UserPoolId, page: PageRequest) => Promise<Client[]>
  /** @throws DuplicateKey */
  readonly create: (client: Client) => Promise<void>
  /** @throws StaleRow */
  readonly save: (client: Client) => Promise<void>
  readonly delete: (poolId: UserPoolId, id: ClientId) => Promise<boolean>
}

export interface Users {
  readonly find: (poolId: UserPoolId, username: Username) => Promise<User | undefined>
  readonly findBySub: (poolId: UserPoolId, sub: string) => Promise<User | undefined>
  readonly findByAlias: (poolId: UserPoolId, alias: Alias) => Promise<User | undefined>
  /** @throws DuplicateKey when the username is taken, AliasTaken */
  readonly create: (user: User, aliases: readonly Alias[]) => Promise<void>
  /** `before` is the user as loaded. @throws StaleRow, AliasTaken */
  readonly save: (before: User, user: User, aliases: readonly Alias[]) => Promise<void>
  /** With attributes, aliases and sessions. */
  readonly delete: (poolId: UserPoolId, username: Username) => Promise<boolean>
  /** In order of username. */
  readonly page: (poolId: UserPoolId, filter: UserFilter | undefined, page: PageRequest) => Promise<User[]>
  readonly count: (poolId: UserPoolId) => Promise<number>
}

export interface AuthSessions {
  readonly put: (session: AuthSession) => Promise<void>
  readonly find: (poolId: UserPoolId, digest: string) => Promise<AuthSession | undefined>
  /** Deletes and returns it: of any number of racing answers one gets the session. */
  readonly take: (poolId: UserPoolId, digest: string) => Promise<AuthSession | undefined>
  /** Counts a wrong answer and returns how many there were. */
  readonly countAttempt: (poolId: UserPoolId, digest: string) => Promise<number>
  readonly deleteExpired: (before: Instant) => Promise<number>
}

export interface TokenSessions {
  readonly create: (session: TokenSession) => Promise<void>
  readonly find: (poolId: UserPoolId, id: string) => Promise<TokenSession | undefined>
  readonly findByRefreshToken: (poolId: UserPoolId, digest: string) => Promise<TokenSession | undefined>
  readonly revokeAllOf: (poolId: UserPoolId, username: Username, at: Instant) => Promise<void>
  readonly deleteExpired: (before: Instant) => Promise<number>
}

export interface Messages {
  readonly put: (message: Message) => Promise<void>
  /** Newest first. */
  readonly list: (filter: { poolId?: string; to?: string; limit: number }) => Promise<Message[]>
  readonly clear: (filter: { poolId?: string; to?: string }) => Promise<number>
  readonly deleteOlder: (before: Instant) => Promise<number>
}
