/** Rows as a store takes them. What it keeps as JSON is nothing to it, so that little is said of it here. */
import { randomUUID } from 'node:crypto'
import type { AuthEvent } from '../src/domain/auth-event.ts'
import type { AuthorizationCode } from '../src/domain/authorization.ts'
import type { Branding } from '../src/domain/branding.ts'
import type { Certificate } from '../src/domain/certificate.ts'
import type { Client, ClientSettings } from '../src/domain/client.ts'
import type { Group } from '../src/domain/group.ts'
import type { IdentityProvider } from '../src/domain/identity-provider.ts'
import { type ClientId, regionOf, type Username, type UserPoolId } from '../src/domain/ids.ts'
import type { ImportJob } from '../src/domain/import-job.ts'
import type { Message } from '../src/domain/message.ts'
import type { Pool, PoolSettings } from '../src/domain/pool.ts'
import type { PoolDomain } from '../src/domain/pool-domain.ts'
import type { Replica } from '../src/domain/replica.ts'
import type { ResourceServer } from '../src/domain/resource-server.ts'
import type { AuthSession, TokenSession } from '../src/domain/session.ts'
import type { Terms } from '../src/domain/terms.ts'
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

export function newBranding({ poolId, id }: Client, over: Partial<Branding> = {}): Branding {
  const bytes = Buffer.from([0, 255])
  return {
    poolId,
    clientId: id,
    id: randomUUID(),
    assets: [{ category: 'FORM_LOGO', colorMode: 'DARK', extension: 'PNG', bytes }],
    createdAt: at,
    modifiedAt: at,
    version: 1,
    ...over,
  }
}

export function newTerms({ poolId, id }: Client, over: Partial<Terms> = {}): Terms {
  return {
    poolId,
    clientId: id,
    id: randomUUID(),
    name: 'terms-of-use',
    links: { 'cognito:default': 'https://example.com/\u{1F600}' },
    createdAt: at,
    modifiedAt: at,
    version: 1,
    ...over,
  }
}

export function newResourceServer(poolId: UserPoolId, identifier: string): ResourceServer {
  const scopes = [{ ScopeName: 'read', ScopeDescription: '\u0000 \u{1F600}' }]
  return { poolId, identifier, name: 'the server', scopes }
}

export function newDomain(poolId: UserPoolId, host: string, over: Partial<PoolDomain> = {}): PoolDomain {
  return { poolId, host, name: host, createdAt: at, version: 1, managedLoginVersion: 1, ...over }
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

export function newAuthorizationCode(
  poolId: UserPoolId,
  over: Partial<AuthorizationCode> = {},
): AuthorizationCode {
  return {
    poolId,
    digest: unique(),
    expiresAt: at + 300_000,
    clientId: 'client' as ClientId,
    username: 'ada' as Username,
    authTime: at,
    eventId: randomUUID(),
    redirectUri: 'https://app.example.com/back',
    scopes: ['openid'],
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

export function newImportJob(poolId: UserPoolId, over: Partial<ImportJob> = {}): ImportJob {
  return {
    poolId,
    id: `import-${unique()}`,
    name: 'test',
    roleArn: 'arn:aws:iam::123456789012:role/logs',
    status: 'Created',
    createdAt: at,
    imported: 0,
    skipped: 0,
    failed: 0,
    lines: 0,
    version: 1,
    ...over,
  }
}

export function newMessage(poolId: UserPoolId, over: Partial<Message> = {}): Message {
  return { id: unique(), poolId, medium: 'SMS', to: '+15555550123', body: 'Hello', createdAt: at, ...over }
}

export function newProvider(poolId: UserPoolId, over: Partial<IdentityProvider> = {}): IdentityProvider {
  return {
    poolId,
    name: 'Google',
    type: 'Google',
    createdAt: at,
    modifiedAt: at,
    version: 1,
    details: { client_id: 'client' },
    mapping: { username: 'sub' },
    identifiers: ['example.com'],
    ...over,
  }
}

export function newCertificate(poolId: UserPoolId, over: Partial<Certificate> = {}): Certificate {
  return { poolId, use: 'signing', certificate: unique(), sealedPrivateKey: 'sealed', ...over }
}
