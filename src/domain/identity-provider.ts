import type { Instant } from '../lib/instant.ts'
import { Fault } from './faults.ts'
import type { UserPoolId } from './ids.ts'
import type { SchemaAttribute } from './schema.ts'

export type ProviderType = 'SAML' | 'Facebook' | 'Google' | 'LoginWithAmazon' | 'SignInWithApple' | 'OIDC'

type TextMap = Readonly<Record<string, string>>

/** Somebody else whose word about who signs in a pool takes. */
export interface IdentityProvider extends ProviderSettings {
  readonly poolId: UserPoolId
  readonly name: string
  readonly type: ProviderType
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly version: number
}

export interface ProviderSettings {
  /** `ProviderDetails`, those that a request gave and those that the service found out, without the secret ones. */
  readonly details: TextMap
  /** The secret ones, as JSON and sealed. */
  readonly sealedSecrets?: string
  /** What metadata says of a SAML provider and Describe does not show. */
  readonly saml?: SamlParty
  /** The pool's attribute on the left, the provider's on the right. */
  readonly mapping: TextMap
  readonly identifiers: readonly string[]
  /** `Level1` to `Level4`, each with the provider's own name for it. */
  readonly acrMapping?: TextMap
}

export interface SamlParty {
  readonly entityId: string
  /** What its assertions are signed under: DER, in base64. */
  readonly certificates: readonly string[]
}

/** Adjustable at AWS, up to 1,000. Source: developer guide, "Quotas in Amazon Cognito". */
export const mostProviders = 300

interface Kind {
  readonly required: readonly string[]
  /** The refusal when one of them is missing. */
  readonly lacking: string
  /** What the service adds to the details. */
  readonly own: (details: TextMap) => TextMap
  /** Details that the service alone sets: whoever sends back what Describe showed may name them. */
  readonly readOnly: readonly string[]
  /** The claim that becomes the username where the mapping names none. */
  readonly subject?: string
}

const social = {
  required: ['client_id', 'client_secret', 'authorize_scopes'],
  lacking: 'clientId, clientSecret and authorizeScopes are all required idp details.',
  readOnly: [],
}

/**
 * What each kind asks for and adds. What is added is in AWS's comment on `ProviderDetails`, the default mapping in its
 * example of DescribeIdentityProvider. The refusals are of deploys that cdk-preflight has recorded (2026).
 */
const kinds: Record<ProviderType, Kind> = {
  SAML: {
    required: [],
    lacking: '',
    own: () => ({}),
    readOnly: ['ActiveEncryptionCertificate', 'SLORedirectBindingURI', 'SSORedirectBindingURI'],
  },
  OIDC: {
    required: ['client_id', 'authorize_scopes', 'oidc_issuer', 'attributes_request_method'],
    lacking:
      'clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details.',
    own: () => ({ attributes_url_add_attributes: 'false' }),
    readOnly: ['attributes_url_add_attributes'],
    subject: 'sub',
  },
  Facebook: {
    ...social,
    own: ({ api_version = 'v17.0' }) => ({
      attributes_url: `https://graph.facebook.com/${api_version}/me?fields=`,
      attributes_url_add_attributes: 'true',
      authorize_url: `https://www.facebook.com/${api_version}/dialog/oauth`,
      token_request_method: 'GET',
      token_url: `https://graph.facebook.com/${api_version}/oauth/access_token`,
    }),
    subject: 'id',
  },
  Google: {
    ...social,
    own: () => ({
      attributes_url: 'https://people.googleapis.com/v1/people/me?personFields=',
      attributes_url_add_attributes: 'true',
      authorize_url: 'https://accounts.google.com/o/oauth2/v2/auth',
      oidc_issuer: 'https://accounts.google.com',
      token_request_method: 'POST',
      token_url: 'https://www.googleapis.com/oauth2/v4/token',
    }),
    subject: 'sub',
  },
  LoginWithAmazon: {
    ...social,
    own: () => ({
      attributes_url: 'https://api.amazon.com/user/profile',
      attributes_url_add_attributes: 'false',
      authorize_url: 'https://www.amazon.com/ap/oa',
      token_request_method: 'POST',
      token_url: 'https://api.amazon.com/auth/o2/token',
    }),
    subject: 'user_id',
  },
  SignInWithApple: {
    required: ['client_id', 'team_id', 'key_id', 'private_key', 'authorize_scopes'],
    lacking: 'clientId, privateKey, teamId, and keyId are all required idp details.',
    readOnly: [],
    own: () => ({
      attributes_url_add_attributes: 'false',
      authorize_url: 'https://appleid.apple.com/auth/authorize',
      oidc_issuer: 'https://appleid.apple.com',
      token_request_method: 'POST',
      token_url: 'https://appleid.apple.com/auth/token',
    }),
    subject: 'sub',
  },
}

/** A provider that a pool knows without being told where it is: there is one of each, under the name of its type. */
export const isSocial = (type: ProviderType): boolean => type !== 'SAML' && type !== 'OIDC'

/** Details that are kept sealed. */
export const secretDetails: ReadonlySet<string> = new Set(['client_secret', 'private_key'])

/** A secret that goes in and is never shown again. */
export const hiddenDetails: ReadonlySet<string> = new Set(['private_key'])

/**
 * The names of the social providers, and that of the pool itself, are nobody else's.
 * @throws Fault InvalidParameter
 */
export function checkProviderName(name: string, type: ProviderType): void {
  const reserved = Object.hasOwn(kinds, name) && isSocial(name as ProviderType)
  const pool = name.toLowerCase() === 'cognito'
  // In the words of aws-cli#3179.
  if (isSocial(type) ? name !== type : reserved || pool) refuse(`Provider ${name} cannot be of type ${type}.`)
  // ours: the pattern lets these through, and no database keeps them
  if (/[\p{Cc}\p{Cs}]/u.test(name)) refuse('ProviderName has a character that cannot be stored.')
}

/** @throws Fault InvalidParameter, ValidationFailed */
export function checkDetails(type: ProviderType, details: TextMap): void {
  const { required, lacking } = kinds[type]
  if (required.some((name) => !details[name])) refuse(lacking)
  if (type === 'SAML') checkSaml(details)
  if (type === 'OIDC') checkOidc(details)
  // ours: it becomes part of three URLs
  if (type === 'Facebook' && !/^v[0-9]{1,3}\.[0-9]{1,3}$/.test(details.api_version ?? 'v1.0'))
    refuse('api_version must have the form v17.0.')
}

function checkSaml(details: TextMap): void {
  const { MetadataURL, MetadataFile, RequestSigningAlgorithm } = details
  if (!MetadataURL && !MetadataFile)
    refuse('At least one of the MetadataURL or MetadataFile should be provided.')
  if (MetadataURL && MetadataFile) refuse('Only one of the MetadataURL or MetadataFile should be provided.')
  // ours, these three
  if (MetadataURL && !isSecure(MetadataURL)) refuse('MetadataURL must start with https://')
  for (const name of ['IDPSignout', 'IDPInit', 'EncryptedResponses']) {
    if (!/^(true|false)$/i.test(details[name] ?? 'true')) refuse(`${name} must be true or false.`)
  }
  if (RequestSigningAlgorithm !== undefined && RequestSigningAlgorithm !== 'rsa-sha256')
    refuse('RequestSigningAlgorithm must be rsa-sha256.')
}

/** The endpoints of an OIDC provider, and where its discovery document names each. */
export const oidcEndpoints = {
  authorize_url: 'authorization_endpoint',
  token_url: 'token_endpoint',
  attributes_url: 'userinfo_endpoint',
  jwks_uri: 'jwks_uri',
} as const

function checkOidc(details: TextMap): void {
  const method = details.attributes_request_method ?? ''
  if (method !== 'GET' && method !== 'POST') {
    // The constraint is AWS's; where it says that the value was found is assumed.
    const text = `Value '${method}' at 'attributesRequestMethod' failed to satisfy constraint: Member must satisfy enum value set: [POST, GET]`
    throw new Fault('ValidationFailed', [text])
  }
  for (const name of ['oidc_issuer', ...Object.keys(oidcEndpoints)]) {
    if (details[name] !== undefined && !isSecure(details[name]))
      refuse('OIDC endpoint must start with https://')
  }
}

/** By TLS, or on this machine, which AWS does not know. Whether this machine may be asked at all, `Outbound` decides. */
export function isSecure(text: string): boolean {
  const url = URL.parse(text)
  if (url?.protocol === 'https:') return true
  return url?.protocol === 'http:' && /^(localhost|127(\.[0-9]+){3}|\[::1\])$/.test(url.hostname)
}

/** The details in full: what was given beats what was found, which beats what the service would add. */
export function completeDetails(type: ProviderType, given: TextMap, found: TextMap): TextMap {
  const { own, readOnly } = kinds[type]
  const said = Object.entries(given).filter(([name]) => !readOnly.includes(name))
  const details = { ...own(given), ...found, ...Object.fromEntries(said) }
  return Object.fromEntries(Object.entries(details).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * The mapping, with the username's where the request leaves it out.
 * @throws Fault InvalidParameter
 */
export function completeMapping(
  schema: readonly SchemaAttribute[],
  type: ProviderType,
  given: TextMap = {},
): TextMap {
  const known = new Set(schema.map(({ Name }) => Name))
  const unknown = Object.keys(given).filter(
    (name) => name !== 'username' && (!known.has(name) || unmappable.has(name)),
  )
  // In the words of aws-cli#9729.
  if (unknown.length > 0) refuse(`AttributeMapping contains invalid mapping: [${unknown.join(', ')}]`)
  const missing = schema.filter(({ Name, Required }) => Required && Name !== 'sub' && !given[Name])
  if (missing.length > 0) {
    // In the words of amplify-backend#963.
    const names = missing.map(({ Name }) => Name).join(', ')
    refuse(`The attribute mapping is missing required attributes [${names}]`)
  }
  const { subject } = kinds[type]
  return { ...given, ...(subject !== undefined && !given.username && { username: subject }) }
}

/** Attributes that are the pool's own word about a user. */
const unmappable: ReadonlySet<string> = new Set(['sub', 'identities'])

/**
 * The rules are those of AWS's comment; the texts are ours.
 * @throws Fault InvalidParameter
 */
export function checkAcrMapping(type: ProviderType, mapping: TextMap): void {
  const wrong = (reason: string) => refuse(`Invalid AcrMapping. ${reason}`)
  const entries = Object.entries(mapping)
  if (entries.length > 0 && type !== 'OIDC') wrong('Only OIDC identity providers support ACR mapping.')
  for (const [level, value] of entries) {
    if (!/^Level[1-4]$/.test(level)) wrong(`${level} is not one of Level1, Level2, Level3 and Level4.`)
    if (value === '') wrong(`${level} must have a value.`)
  }
  if (new Set(Object.values(mapping)).size < entries.length) wrong('Each level must have a value of its own.')
}

function refuse(text: string): never {
  throw new Fault('InvalidParameter', text)
}
