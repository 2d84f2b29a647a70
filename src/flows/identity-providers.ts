import { Fault } from '../domain/faults.ts'
import {
  checkAcrMapping,
  checkDetails,
  checkProviderName,
  completeDetails,
  completeMapping,
  hiddenDetails,
  type IdentityProvider,
  mostProviders,
  type ProviderSettings,
  type ProviderType,
  secretDetails,
} from '../domain/identity-provider.ts'
import type { UserPoolId } from '../domain/ids.ts'
import type { Pool } from '../domain/pool.ts'
import { defined } from '../lib/defined.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import { DuplicateKey, IdentifierTaken, type Store, type Tables } from '../ports/store.ts'
import { lookUp } from './provider-documents.ts'

type TextMap = Readonly<Record<string, string>>

/** What a request says about a provider; an update keeps what it leaves out. */
export interface ProviderRequest {
  readonly details?: TextMap
  readonly mapping?: TextMap
  readonly identifiers?: readonly string[]
  readonly acrMapping?: TextMap
}

/** @throws Fault ProviderNotFound */
export async function findProvider(store: Tables, pool: Pool, name: string): Promise<IdentityProvider> {
  const provider = await store.identityProviders.find(pool.id, name)
  if (provider === undefined) throw new Fault('ProviderNotFound', name)
  return provider
}

/** @throws Fault InvalidParameter, ValidationFailed, ProviderExists, TooMany */
export async function createProvider(
  app: App,
  pool: Pool,
  name: string,
  type: ProviderType,
  request: ProviderRequest,
  now: Instant,
): Promise<IdentityProvider> {
  checkProviderName(name, type)
  const about = { poolId: pool.id, name, type, createdAt: now, modifiedAt: now, version: 1 }
  const none: ProviderSettings = { details: {}, mapping: {}, identifiers: [] }
  const asked = { details: {}, mapping: {}, ...request }
  const provider = await changed(app, pool, { ...about, ...none }, asked, now)
  await app.store.transaction(async (store) => {
    if ((await store.identityProviders.hold(pool.id)) >= mostProviders) {
      throw new Fault('TooMany', 'identity providers in a user pool', mostProviders)
    }
    await store.identityProviders.create(provider).catch((error) => {
      if (error instanceof DuplicateKey) throw new Fault('ProviderExists', name, pool.id)
      throw asFault(error)
    })
  })
  return provider
}

/** @throws Fault InvalidParameter, ValidationFailed, StaleRow */
export async function updateProvider(
  app: App,
  pool: Pool,
  provider: IdentityProvider,
  request: ProviderRequest,
  now: Instant,
): Promise<IdentityProvider> {
  const updated = await changed(app, pool, provider, request, now)
  await app.store.identityProviders.save(updated).catch((error) => {
    throw asFault(error)
  })
  return updated
}

/** Takes the provider out of the clients' lists too: none names a provider that is not there. */
export async function deleteProvider(
  store: Store,
  { poolId, name }: IdentityProvider,
  now: Instant,
): Promise<void> {
  await store.transaction(async (store) => {
    if (!(await store.identityProviders.delete(poolId, name))) throw new Fault('ProviderNotFound', name)
    for await (const client of clientsOf(store, poolId)) {
      const providers = client.settings.SupportedIdentityProviders
      if (!providers?.includes(name)) continue
      const SupportedIdentityProviders = providers.filter((provider) => provider !== name)
      await store.clients.save({
        ...client,
        settings: { ...client.settings, SupportedIdentityProviders },
        modifiedAt: now,
      })
    }
  })
}

async function* clientsOf(store: Tables, poolId: UserPoolId) {
  const limit = 100
  for (let after: string | undefined; ; ) {
    const page = await store.clients.page(poolId, { limit, ...(after !== undefined && { after }) })
    yield* page
    if (page.length < limit) return
    after = page.at(-1)?.id
  }
}

/**
 * The providers that a client is to offer are the pool itself and those that it has.
 * @throws Fault InvalidParameter
 */
export async function mustOfferProviders(
  store: Tables,
  pool: Pool,
  names: readonly string[] = [],
): Promise<void> {
  for (const name of names) {
    if (name === 'COGNITO' || (await store.identityProviders.find(pool.id, name)) !== undefined) continue
    throw new Fault('InvalidParameter', `The provider ${name} does not exist for User Pool ${pool.id}.`)
  }
}

/** The details as Describe shows them, with the secrets among them that are shown. */
export function shownDetails(app: App, provider: IdentityProvider): TextMap {
  const shown = Object.entries(allDetails(app, provider)).filter(([name]) => !hiddenDetails.has(name))
  return Object.fromEntries(shown)
}

/** The details with every secret among them, for whoever speaks to the provider. */
export function allDetails(app: App, { poolId, name, details, sealedSecrets }: IdentityProvider): TextMap {
  if (sealedSecrets === undefined) return details
  const secrets = app.vault.open(sealedSecrets, secretContext(poolId, name))
  return { ...details, ...JSON.parse(Buffer.from(secrets).toString('utf8')) }
}

const secretContext = (poolId: UserPoolId, name: string) => `identity provider ${poolId} ${name}`

/** The provider as a request makes it. What its details point at is read first. */
async function changed(
  app: App,
  pool: Pool,
  before: IdentityProvider,
  { details, mapping, identifiers, acrMapping }: ProviderRequest,
  now: Instant,
): Promise<IdentityProvider> {
  const { type } = before
  const named = defined({
    mapping: mapping && completeMapping(pool.schema, type, mapping),
    identifiers: identifiers && [...new Set(identifiers)],
    acrMapping,
  })
  checkAcrMapping(type, acrMapping ?? {})
  const provider = { ...before, ...named, modifiedAt: now }
  if (details === undefined) return provider
  checkDetails(type, details)
  const { found, saml } = await lookUp(app, pool, type, details, now)
  const { sealedSecrets: _, saml: __, ...rest } = provider
  return {
    ...rest,
    ...sealed(app, provider, completeDetails(type, details, found)),
    ...(saml !== undefined && { saml }),
  }
}

function sealed(
  app: App,
  { poolId, name }: IdentityProvider,
  details: TextMap,
): Pick<ProviderSettings, 'details' | 'sealedSecrets'> {
  const entries = Object.entries(details)
  const secrets = entries.filter(([name]) => secretDetails.has(name))
  const open = Object.fromEntries(entries.filter(([name]) => !secretDetails.has(name)))
  if (secrets.length === 0) return { details: open }
  const text = Buffer.from(JSON.stringify(Object.fromEntries(secrets)))
  return { details: open, sealedSecrets: app.vault.seal(text, secretContext(poolId, name)) }
}

/** ours */
function asFault(error: unknown): unknown {
  if (!(error instanceof IdentifierTaken)) return error
  return new Fault(
    'InvalidParameter',
    `The identifier ${error.identifier} belongs to another identity provider.`,
  )
}
