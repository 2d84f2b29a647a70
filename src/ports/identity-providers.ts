import type { Certificate, CertificateUse } from '../domain/certificate.ts'
import type { Source } from '../domain/identity.ts'
import type { IdentityProvider } from '../domain/identity-provider.ts'
import type { Username, UserPoolId } from '../domain/ids.ts'
import type { PageRequest } from './page-request.ts'

export interface IdentityProviders {
  readonly find: (poolId: UserPoolId, name: string) => Promise<IdentityProvider | undefined>
  readonly findByIdentifier: (poolId: UserPoolId, identifier: string) => Promise<IdentityProvider | undefined>
  /** In order of name. */
  readonly page: (poolId: UserPoolId, page: PageRequest) => Promise<IdentityProvider[]>
  /** How many a pool has; nobody else creates one before the transaction ends. @throws StaleRow when the pool is gone */
  readonly hold: (poolId: UserPoolId) => Promise<number>
  /** @throws DuplicateKey, IdentifierTaken, StaleRow when the pool is gone */
  readonly create: (provider: IdentityProvider) => Promise<void>
  /** @throws StaleRow, IdentifierTaken */
  readonly save: (provider: IdentityProvider) => Promise<void>
  readonly delete: (poolId: UserPoolId, name: string) => Promise<boolean>
}

/** Whose each account elsewhere is, as their `identities` say. */
export interface LinkedIdentities {
  /** Whose the first of these is that is anybody's. All are of one provider. */
  readonly find: (poolId: UserPoolId, ...sources: readonly Source[]) => Promise<Username | undefined>
  /** @throws DuplicateKey */
  readonly add: (poolId: UserPoolId, source: Source, username: Username) => Promise<void>
  readonly remove: (poolId: UserPoolId, source: Source) => Promise<boolean>
}

export interface Certificates {
  readonly find: (poolId: UserPoolId, use: CertificateUse) => Promise<Certificate | undefined>
  /** Keeps the first of its use, and returns the one that is kept. @throws StaleRow when the pool is gone */
  readonly keep: (certificate: Certificate) => Promise<Certificate>
}
