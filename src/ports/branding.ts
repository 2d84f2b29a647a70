import type { Asset, Branding } from '../domain/branding.ts'
import type { ClientId, UserPoolId } from '../domain/ids.ts'
import type { UiCustomization } from '../domain/ui-customization.ts'

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
