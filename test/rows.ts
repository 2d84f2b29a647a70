/** Rows as a store takes them. What it keeps as JSON is nothing to it, so that little is said of it here. */
import { randomUUID } from 'node:crypto'
import type { AuthEvent } from '../src/domain/auth-event.ts'
import type { Client, ClientSettings } from '../src/domain/client.ts'
import type { Group } from '../src/domain/group.ts'
import { type ClientId, regionOf, type Username, type UserPoolId } from '../src/domain/ids.ts'
import type { Message } from '../src/domain/message.ts'
import type { Pool, PoolSettings } from '../src/domain/pool.ts'
import type { Replica } from '../src/domain/replica.ts'
import type { AuthSession, TokenSession } from '../src/domain/session.ts'
import { noMfa, type User } from '../src/domain/user.ts'
import type { SigningKey } from '../src/ports/store.ts'

const at = Date.UTC(2026, 10, 23, 12, 0, 0)
const unique = () => randomUUID().replaceAll('-', '')

export function newPool(over: Partial<Pool> = {}, region = 'us-east-1'): Pool {
  const id = over.id ?? (`${region}_${unique()}` as UserPoolId)
  return {
    id,
    region: regionOf(id),
    name: 'test',
    createdAt: at,
    modifiedAt: at,
    version: 1,
    schema: [],
    identity: { caseSensitive: true, caseSensitivityStated: false },
    settings: { MfaConfiguration: 'OPTIONAL' } as PoolSettings,
    mfa: {},
    tags: { päivä: '\u{1F600}' },
    ...over,
  } as Pool
}

export function newReplica(poolId: UserPoolId, over: Partial<Replica> = {}): Replica {
  return {
    poolId,
    region: 'us-west-2',
    status: 'INACTIVE',
    createdAt: at,
    modifiedAt: at,
    version: 1,
    settings: { EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' }, LambdaConfig: {} },
    tags: { päivä: '\u{1F600}' },
    ...over,
  }
}

export function newKeys(): SigningKey[] {
  return (['access', 'id'] as const).map((use) => ({
    use,
    kid: unique(),
    jwk: { kty: 'RSA', n: 'n', e: 'AQAB' },
    sealedPrivateKey: `sealed ${use}`,
  }))
}

export function newClient(poolId: UserPoolId, over: Partial<Client> = {}): Client {
  return {
    poolId,
    id: unique().slice(0, 26) as ClientId,
    createdAt: at,
    modifiedAt: at,
    version: 1,
    secrets: [],
    settings: { ClientName: 'test' } as ClientSettings,
    ...over,
  }
}

export function newUser(poolId: UserPoolId, username: string, over: Partial<User> = {}): User {
  return {
    poolId,
    username: username as Username,
    sub: randomUUID(),
    status: 'CONFIRMED',
    enabled: true,
    createdAt: at,
    modifiedAt: at,
    version: 1,
    attributes: {},
    mfa: noMfa,
    ...over,
  }
}

export function newGroup(poolId: UserPoolId, name: string, over: Partial<Group> = {}): Group {
  return { poolId, name, createdAt: at, modifiedAt: at, version: 1, ...over }
}

export function newAuthSession(poolId: UserPoolId, over: Partial<AuthSession> = {}): AuthSession {
  return {
    poolId,
    digest: unique(),
    clientId: 'client' as ClientId,
    username: 'ada' as Username,
    name: 'ada',
    challenge: 'SMS_MFA',
    expiresAt: at + 180_000,
    startedAt: at,
    attempts: 0,
    progress: { flow: 'password', methods: ['pwd'] },
    question: {},
    ...over,
  }
}

export function newTokenSession(poolId: UserPoolId, over: Partial<TokenSession> = {}): TokenSession {
  return {
    poolId,
    id: randomUUID(),
    clientId: 'client' as ClientId,
    username: 'ada' as Username,
    authTime: at,
    expiresAt: at + 3_600_000,
    refreshDigest: unique(),
    scopes: ['aws.cognito.signin.user.admin'],
    methods: ['pwd'],
    ...over,
  }
}

export function newAuthEvent(poolId: UserPoolId, over: Partial<AuthEvent> = {}): AuthEvent {
  return {
    poolId,
    username: 'ada' as Username,
    id: randomUUID(),
    type: 'SignIn',
    at,
    expiresAt: at + 3_600_000,
    response: 'InProgress',
    challenges: [],
    context: { ip: '192.0.2.1', device: 'Chrome 126, Windows 10' },
    ...over,
  }
}

export function newMessage(poolId: UserPoolId, over: Partial<Message> = {}): Message {
  return { id: unique(), poolId, medium: 'SMS', to: '+15555550123', body: 'Hello', createdAt: at, ...over }
}
