import type { Alias } from '../domain/alias.ts'
import type { AuthEvent } from '../domain/auth-event.ts'
import type { Client } from '../domain/client.ts'
import type { IssuedCode } from '../domain/code.ts'
import type { Device } from '../domain/device.ts'
import type { UserFilter } from '../domain/filter.ts'
import type { Group } from '../domain/group.ts'
import type { ClientId, Username, UserPoolId } from '../domain/ids.ts'
import type { Failures } from '../domain/lockout.ts'
import type { Passkey } from '../domain/passkey.ts'
import type { Pool } from '../domain/pool.ts'
import type { PoolDomain } from '../domain/pool-domain.ts'
import type { Replica } from '../domain/replica.ts'
import type { Category } from '../domain/request-limits.ts'
import type { ResourceServer } from '../domain/resource-server.ts'
import type { RiskConfiguration } from '../domain/risk-configuration.ts'
import type { AuthSession, TokenSession } from '../domain/session.ts'
import type { Activity, SsoSession } from '../domain/session-tracking.ts'
import type { SoftwareToken } from '../domain/software-token.ts'
import type { StoredPassword, User } from '../domain/user.ts'
import type { Instant } from '../lib/instant.ts'
import type { AuthorizationCodes } from './authorization-codes.ts'
import type { Brandings, TermsDocuments, UiCustomizations } from './branding.ts'
import type { Certificates, IdentityProviders, LinkedIdentities } from './identity-providers.ts'
import type { Imports } from './imports.ts'
import type { Messages } from './messages.ts'
import type { PageRequest } from './page-request.ts'
import type { UsedAssertions } from './used-assertions.ts'

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
  readonly replicas: Replicas
  readonly clients: Clients
  readonly users: Users
  readonly groups: Groups
  readonly memberships: Memberships
  readonly brandings: Brandings
  readonly terms: TermsDocuments
  readonly authSessions: AuthSessions
  readonly tokenSessions: TokenSessions
  readonly authorizationCodes: AuthorizationCodes
  readonly ssoSessions: SsoSessions
  readonly messages: Messages
  readonly codes: Codes
  readonly failures: FailureCounts
  readonly quotas: Quotas
  readonly softwareTokens: SoftwareTokens
  readonly passkeys: Passkeys
  readonly devices: Devices
  readonly passwordHistory: PasswordHistory
  readonly authEvents: AuthEvents
  readonly resourceServers: ResourceServers
  readonly domains: Domains
  readonly uiCustomizations: UiCustomizations
  readonly imports: Imports
  readonly identityProviders: IdentityProviders
  readonly linkedIdentities: LinkedIdentities
  readonly certificates: Certificates
  readonly provisionedLimits: ProvisionedLimits
  readonly riskConfigurations: RiskConfigurations
  readonly usedAssertions: UsedAssertions
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

/** An identifier leads to another identity provider of the pool. */
export class IdentifierTaken extends Error {
  readonly identifier: string

  constructor(identifier: string) {
    super('an identifier is held by another identity provider')
    this.identifier = identifier
  }
}

/** A key that must be unique is there already. */
export class DuplicateKey extends Error {}

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
  /** As it stands in a region, which is its own unless another is named; nothing where it has no replica there. */
  readonly find: (id: UserPoolId, region?: string) => Promise<Pool | undefined>
  /** By id, those that stand in a region: its own and replicas of others'. */
  readonly page: (region: string, page: PageRequest) => Promise<Pool[]>
  /** How many a region has; nobody else who holds it creates one before the transaction ends. */
  readonly hold: (region: string) => Promise<number>
  readonly create: (pool: Pool, keys: readonly SigningKey[]) => Promise<void>
  /** Seen through a replica, only what is regional is saved. @throws StaleRow */
  readonly save: (pool: Pool) => Promise<void>
  /** With everything in it. */
  readonly delete: (id: UserPoolId) => Promise<void>
  readonly keys: (id: UserPoolId) => Promise<SigningKey[]>
}

/** A pool has one at most. */
export interface Replicas {
  readonly of: (poolIds: readonly UserPoolId[]) => Promise<Replica[]>
  /** @throws DuplicateKey */
  readonly create: (replica: Replica) => Promise<void>
  /** Its status. @throws StaleRow */
  readonly save: (replica: Replica) => Promise<void>
  readonly delete: (poolId: UserPoolId, region: string) => Promise<boolean>
}

export interface Clients {
  readonly find: (poolId: UserPoolId, id: ClientId) => Promise<Client | undefined>
  /** The pool of a client, for calls that name only the client. */
  readonly poolOf: (id: ClientId) => Promise<UserPoolId | undefined>
  readonly page: (poolId: UserPoolId, page: PageRequest) => Promise<Client[]>
  /** How many a pool has; nobody else creates one before the transaction ends. @throws StaleRow when the pool is gone */
  readonly hold: (poolId: UserPoolId) => Promise<number>
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
  /** With attributes, aliases, memberships and sessions. */
  readonly delete: (poolId: UserPoolId, username: Username) => Promise<boolean>
  /** In the order that `placeIn` tells a user's place of. */
  readonly page: (poolId: UserPoolId, filter: UserFilter | undefined, page: PageRequest) => Promise<User[]>
  /** Those in a group, in order of username. */
  readonly pageOfGroup: (poolId: UserPoolId, group: string, page: PageRequest) => Promise<User[]>
  readonly count: (poolId: UserPoolId) => Promise<number>
}

export interface Groups {
  readonly find: (poolId: UserPoolId, name: string) => Promise<Group | undefined>
  /** In order of name. */
  readonly page: (poolId: UserPoolId, page: PageRequest) => Promise<Group[]>
  /** How many a pool has; nobody else creates one before the transaction ends. @throws StaleRow when the pool is gone */
  readonly hold: (poolId: UserPoolId) => Promise<number>
  /** @throws DuplicateKey */
  readonly create: (group: Group) => Promise<void>
  /** @throws StaleRow */
  readonly save: (group: Group) => Promise<void>
  /** With its memberships. */
  readonly delete: (poolId: UserPoolId, name: string) => Promise<boolean>
}

/** Who is in which group: a user who is there, in a group that is there, or nothing. */
export interface Memberships {
  /** A user's groups, in order of name. */
  readonly groupsOf: (poolId: UserPoolId, username: Username, page: PageRequest) => Promise<Group[]>
  /**
   * The names of a user's groups; before the transaction ends nobody else puts the user into one.
   * @throws StaleRow when the user is gone
   */
  readonly hold: (poolId: UserPoolId, username: Username) => Promise<string[]>
  /** Once the user is held. @throws StaleRow when the group is gone */
  readonly add: (poolId: UserPoolId, username: Username, group: string) => Promise<void>
  readonly remove: (poolId: UserPoolId, username: Username, group: string) => Promise<void>
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
  /** What became of a refresh token that was rotated away. */
  readonly findRetired: (poolId: UserPoolId, digest: string) => Promise<RetiredToken | undefined>
  /**
   * Puts a refresh token in the place of the session's. Of several that race one succeeds.
   * @throws StaleRow when the session's is no longer the one in force
   */
  readonly rotate: (session: TokenSession, digest: string, retired: Retirement) => Promise<void>
  readonly revoke: (poolId: UserPoolId, id: string, at: Instant) => Promise<void>
  readonly revokeAllOf: (poolId: UserPoolId, username: Username, at: Instant) => Promise<void>
  readonly findByRecord: (poolId: UserPoolId, recordId: string) => Promise<TokenSession | undefined>
  /** Those in force that are recorded, the last active first. */
  readonly listRecorded: (
    poolId: UserPoolId,
    username: Username,
    now: Instant,
    limit: number,
  ) => Promise<TokenSession[]>
  readonly saveActivity: (session: TokenSession, last: Activity) => Promise<void>
  /**
   * Revokes recorded sessions, those longest without activity first, until no more than `most` are in force. Until the
   * end of the transaction nobody else does so for this user.
   */
  readonly evict: (poolId: UserPoolId, username: Username, most: number, now: Instant) => Promise<void>
  /** Revokes the sessions that came through an SSO session. */
  readonly revokeFrom: (poolId: UserPoolId, ssoId: string, at: Instant) => Promise<void>
  readonly deleteExpired: (before: Instant) => Promise<number>
}

/** How a refresh token that is rotated away goes on. */
export interface Retirement {
  readonly at: Instant
  /** Until when it still refreshes. */
  readonly graceUntil: Instant
  /** The token that replaced it, sealed. */
  readonly successor: string
}

export interface RetiredToken extends Retirement {
  readonly session: TokenSession
}

export interface SsoSessions {
  readonly create: (session: SsoSession) => Promise<void>
  readonly find: (poolId: UserPoolId, id: string) => Promise<SsoSession | undefined>
  /** Those that have not ended, the last active first. */
  readonly list: (
    poolId: UserPoolId,
    username: Username,
    now: Instant,
    limit: number,
  ) => Promise<SsoSession[]>
  readonly delete: (poolId: UserPoolId, id: string) => Promise<boolean>
  readonly deleteExpired: (before: Instant) => Promise<number>
}

/** Codes sent to verify an address, confirm a sign-up or reset a password: one of a purpose at a time. */
export interface Codes {
  /** Replaces the one before. */
  readonly put: (code: IssuedCode) => Promise<void>
  readonly find: (poolId: UserPoolId, username: Username, purpose: string) => Promise<IssuedCode | undefined>
  /** Deletes it if it still is the one of that digest: of any number of racing answers one redeems the code. */
  readonly take: (code: IssuedCode) => Promise<boolean>
  /** Not those that verify an address: one that waits to be a user's is in its code, and nowhere else. */
  readonly deleteExpired: (before: Instant) => Promise<number>
}

export interface FailureCounts {
  /** Nobody else counts for this name before the transaction ends. */
  readonly hold: (poolId: UserPoolId, name: string) => Promise<Failures>
  readonly find: (poolId: UserPoolId, name: string) => Promise<Failures | undefined>
  readonly save: (poolId: UserPoolId, name: string, failures: Failures) => Promise<void>
  readonly clear: (poolId: UserPoolId, name: string) => Promise<void>
  readonly deleteOlder: (than: Instant) => Promise<number>
}

export interface Quotas {
  /** Counts one use in the window that begins at `window`, and returns how many there were. */
  readonly count: (poolId: UserPoolId, subject: string, window: Instant) => Promise<number>
  readonly deleteBefore: (window: Instant) => Promise<number>
}

export interface RiskConfigurations {
  /** That of the client, or that of the pool itself. */
  readonly find: (poolId: UserPoolId, clientId?: ClientId) => Promise<RiskConfiguration | undefined>
  /** That of the client, and where it has none that of the pool. */
  readonly inForce: (poolId: UserPoolId, clientId: ClientId) => Promise<RiskConfiguration | undefined>
  /** @throws StaleRow when the pool is gone */
  readonly save: (configuration: RiskConfiguration) => Promise<void>
  readonly delete: (poolId: UserPoolId, clientId?: ClientId) => Promise<void>
}

/** What UpdateProvisionedLimit has set, of the account: the one thing here that is of no pool. */
export interface ProvisionedLimits {
  readonly list: (region: string) => Promise<ReadonlyMap<Category, number>>
  readonly save: (region: string, category: Category, rate: number) => Promise<void>
}

export interface SoftwareTokens {
  readonly find: (poolId: UserPoolId, username: Username) => Promise<SoftwareToken | undefined>
  readonly save: (token: SoftwareToken) => Promise<void>
  /** Uses up a time step; false when it, or a later one, was used before. */
  readonly use: (poolId: UserPoolId, username: Username, step: number) => Promise<boolean>
  readonly delete: (poolId: UserPoolId, username: Username) => Promise<boolean>
}

export interface Passkeys {
  readonly count: (poolId: UserPoolId, username: Username) => Promise<number>
  readonly find: (poolId: UserPoolId, username: Username, id: string) => Promise<Passkey | undefined>
  /** In order of id. */
  readonly page: (poolId: UserPoolId, username: Username, page: PageRequest) => Promise<Passkey[]>
  /** @throws DuplicateKey */
  readonly create: (passkey: Passkey) => Promise<void>
  readonly saveCounter: (passkey: Passkey, counter: number) => Promise<void>
  readonly delete: (poolId: UserPoolId, username: Username, id: string) => Promise<boolean>
}

export interface Devices {
  readonly find: (poolId: UserPoolId, username: Username, key: string) => Promise<Device | undefined>
  /** A device that waits for its secret. */
  readonly create: (device: Device) => Promise<void>
  /** Gives it its secret; false when it has one, so that one of several racers wins. */
  readonly confirm: (device: Device) => Promise<boolean>
  /** Saves a confirmed one; false when it was forgotten, so that nobody brings it back. */
  readonly save: (device: Device) => Promise<boolean>
  /** Confirmed ones, in order of key. */
  readonly page: (poolId: UserPoolId, username: Username, page: PageRequest) => Promise<Device[]>
  /** Confirmed or not. */
  readonly delete: (poolId: UserPoolId, username: Username, key: string) => Promise<boolean>
  /** Those that were never confirmed and whose sessions are gone: nobody can confirm them any more. */
  readonly deleteUnclaimed: () => Promise<number>
}

export interface PasswordHistory {
  /** Newest first. */
  readonly list: (poolId: UserPoolId, username: Username, limit: number) => Promise<StoredPassword[]>
  readonly add: (
    poolId: UserPoolId,
    username: Username,
    password: StoredPassword,
    keep: number,
  ) => Promise<void>
}

export interface AuthEvents {
  /** The event of that id, this one where there is none. Nobody else changes it before the transaction ends. */
  readonly hold: (event: AuthEvent) => Promise<AuthEvent>
  readonly save: (event: AuthEvent) => Promise<void>
  readonly find: (poolId: UserPoolId, username: Username, id: string) => Promise<AuthEvent | undefined>
  /** Newest first; a key is the time and the id of an event, with a space between. */
  readonly page: (poolId: UserPoolId, username: Username, page: PageRequest) => Promise<AuthEvent[]>
  /** Those that `isTrusted` says show where the user has been, newest first. */
  readonly trusted: (poolId: UserPoolId, username: Username, limit: number) => Promise<AuthEvent[]>
  readonly deleteExpired: (before: Instant) => Promise<number>
}

export interface ResourceServers {
  readonly find: (poolId: UserPoolId, identifier: string) => Promise<ResourceServer | undefined>
  /** Those of these identifiers that there are. */
  readonly named: (poolId: UserPoolId, identifiers: readonly string[]) => Promise<ResourceServer[]>
  /** In order of identifier. */
  readonly page: (poolId: UserPoolId, page: PageRequest) => Promise<ResourceServer[]>
  /** How many a pool has; nobody else creates one before the transaction ends. @throws StaleRow when the pool is gone */
  readonly hold: (poolId: UserPoolId) => Promise<number>
  /** @throws DuplicateKey */
  readonly create: (server: ResourceServer) => Promise<void>
  /** Replaces it whole; false when there is none. */
  readonly save: (server: ResourceServer) => Promise<boolean>
  readonly delete: (poolId: UserPoolId, identifier: string) => Promise<boolean>
}

/** Domains have names that are unique over all pools. */
export interface Domains {
  readonly find: (host: string) => Promise<PoolDomain | undefined>
  readonly ofPool: (poolId: UserPoolId) => Promise<PoolDomain[]>
  /** The same; nobody else gives the pool one before the transaction ends. @throws StaleRow when the pool is gone */
  readonly hold: (poolId: UserPoolId) => Promise<PoolDomain[]>
  /** The slots that custom domains have taken in a region. */
  readonly slots: (region: string) => Promise<number[]>
  /** @throws DuplicateKey when another has the name, StaleRow when another has taken the slot meanwhile */
  readonly create: (domain: PoolDomain) => Promise<void>
  /** @throws StaleRow */
  readonly save: (domain: PoolDomain) => Promise<void>
  readonly delete: (poolId: UserPoolId, host: string) => Promise<boolean>
}
