import type { Asset, Branding } from '../domain/branding.ts'
import type { ClientId, UserPoolId } from '../domain/ids.ts'
import type { Terms } from '../domain/terms.ts'
import type { UiCustomization } from '../domain/ui-customization.ts'
import type { PageRequest } from './page-request.ts'

/** Styles of managed login, one a client at most. They go with their client. */
export interface Brandings {
  readonly find: (poolId: UserPoolId, id: string) => Promise<Branding | undefined>
  readonly findOfClient: (poolId: UserPoolId, clientId: ClientId) => Promise<Branding | undefined>
  /** How many a pool has; nobody else creates one before the transaction ends. @throws StaleRow when the pool is gone */
  readonly hold: (poolId: UserPoolId) => Promise<number>
  /** With its assets. @throws DuplicateKey when the client has one, StaleRow when the client is gone */
  readonly create: (branding: Branding) => Promise<void>
  /** All but its assets. @throws StaleRow */
  readonly save: (branding: Branding) => Promise<void>
  /** Once the style is saved: adds assets, or replaces those of the same category, colour mode and resource. */
  readonly putAssets: (branding: Branding, assets: readonly Asset[]) => Promise<void>
  readonly delete: (branding: Branding) => Promise<boolean>
}

export interface UiCustomizations {
  readonly find: (
    poolId: UserPoolId,
    clientId: UiCustomization['clientId'],
  ) => Promise<UiCustomization | undefined>
  /** Replaces the one before. @throws StaleRow when the client, or the pool, is gone */
  readonly save: (customization: UiCustomization) => Promise<void>
  readonly delete: (poolId: UserPoolId, clientId: UiCustomization['clientId']) => Promise<void>
}

/** Terms documents, one of a name at a client. They go with their client. */
export interface TermsDocuments {
  readonly find: (poolId: UserPoolId, id: string) => Promise<Terms | undefined>
  readonly findOfClient: (poolId: UserPoolId, clientId: ClientId, name: string) => Promise<Terms | undefined>
  /** In order of id. */
  readonly page: (poolId: UserPoolId, page: PageRequest) => Promise<Terms[]>
  /**
   * How many a pool has; nobody else creates or renames one before the transaction ends.
   * @throws StaleRow when the pool is gone
   */
  readonly hold: (poolId: UserPoolId) => Promise<number>
  /** @throws DuplicateKey when the client has one of the name, StaleRow when the client is gone */
  readonly create: (terms: Terms) => Promise<void>
  /** Under another name only while the pool is held. @throws StaleRow */
  readonly save: (terms: Terms) => Promise<void>
  readonly delete: (poolId: UserPoolId, id: string) => Promise<boolean>
}
