import { Fault } from '../domain/faults.ts'
import { isSecure, oidcEndpoints, type ProviderType, type SamlParty } from '../domain/identity-provider.ts'
import type { Pool } from '../domain/pool.ts'
import { defined } from '../lib/defined.ts'
import type { Instant } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import { type Fetched, Unreachable } from '../ports/outbound.ts'
import { certificateOf } from './certificates.ts'
import { readSamlMetadata } from './saml-metadata.ts'

type TextMap = Readonly<Record<string, string>>

/** Details that a provider's own documents tell. */
export interface Found {
  readonly found: TextMap
  readonly saml?: SamlParty
}

/**
 * Reads what a provider's details point at: the metadata of a SAML provider, the discovery document of an OIDC one.
 * @throws Fault InvalidParameter
 */
export async function lookUp(
  app: App,
  pool: Pool,
  type: ProviderType,
  details: TextMap,
  now: Instant,
): Promise<Found> {
  if (type === 'SAML') return samlParty(app, pool, details, now)
  return { found: type === 'OIDC' ? await discovered(app, details) : {} }
}

async function samlParty(app: App, pool: Pool, details: TextMap, now: Instant): Promise<Found> {
  const xml = details.MetadataFile || (await metadataAt(app, details.MetadataURL ?? ''))
  const { signOnUrl, signOutUrl, ...saml } = readSamlMetadata(xml)
  const { certificate } = await certificateOf(app, pool, 'encryption', now)
  const found = defined({
    ActiveEncryptionCertificate: certificate,
    SSORedirectBindingURI: signOnUrl,
    SLORedirectBindingURI: signOutUrl,
  })
  return { found, saml }
}

async function metadataAt(app: App, url: string): Promise<string> {
  const answer = await fetched(app, url)
  // ours
  if (answer === undefined) refuse(`Unable to contact remote metadata source ${url}`)
  // In the words of aws-data-lake-solution#31.
  if (answer.status !== 200)
    refuse(`Non-ok status code ${answer.status} returned from remote metadata source ${url}`)
  return answer.body
}

/** The endpoints that the details leave open. Where they name all of them, nobody is asked. */
async function discovered(app: App, details: TextMap): Promise<TextMap> {
  const open = Object.entries(oidcEndpoints).filter(([name]) => !details[name])
  if (open.length === 0) return {}
  const issuer = details.oidc_issuer?.replace(/\/$/, '')
  const answer = await fetched(app, `${issuer}/.well-known/openid-configuration`)
  const document = answer?.status === 200 ? asObject(answer.body) : undefined
  // Captured by many, where the issuer could not be asked and where it had no such document.
  if (document === undefined) refuse('Unable to contact well-known endpoint')
  const endpoints = open.map(([name, member]): [string, unknown] => [name, document[member]])
  for (const [name, value] of endpoints) {
    // OpenID Connect asks for all but this one. The texts are ours.
    if (value === undefined && name === 'attributes_url') continue
    if (typeof value !== 'string') refuse(`The well-known endpoint does not tell ${name}.`)
    if (!isSecure(value)) refuse('OIDC endpoint must start with https://')
  }
  return defined(Object.fromEntries(endpoints)) as TextMap
}

async function fetched(app: App, url: string): Promise<Fetched | undefined> {
  try {
    return await app.outbound.get(url)
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    app.journal.info('an identity provider could not be asked', { host: URL.parse(url)?.host, error })
    return undefined
  }
}

function asObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined
  } catch {
    // Not JSON: no discovery document.
    return undefined
  }
}

function refuse(text: string): never {
  throw new Fault('InvalidParameter', text)
}
