import type { Instant } from '../lib/instant.ts'
import { days, hours, minutes, seconds } from '../lib/instant.ts'
import { Fault } from './faults.ts'
import type { ClientId, UserPoolId } from './ids.ts'
import type { Pool } from './pool.ts'

export interface Client {
  readonly poolId: UserPoolId
  readonly id: ClientId
  readonly createdAt: Instant
  readonly modifiedAt: Instant
  readonly version: number
  /** None for a public client; two while a secret is being changed. */
  readonly secrets: readonly ClientSecret[]
  readonly settings: ClientSettings
  /** What SetUserPoolClientSessionConfiguration has set: how long the client takes an SSO session silently. */
  readonly ssoMinutes?: number
}

export interface ClientSecret {
  readonly id: string
  readonly sealed: string
  readonly createdAt: Instant
}

export type AuthFlowSetting =
  | 'ADMIN_NO_SRP_AUTH'
  | 'CUSTOM_AUTH_FLOW_ONLY'
  | 'USER_PASSWORD_AUTH'
  | 'ALLOW_ADMIN_USER_PASSWORD_AUTH'
  | 'ALLOW_CUSTOM_AUTH'
  | 'ALLOW_USER_PASSWORD_AUTH'
  | 'ALLOW_USER_SRP_AUTH'
  | 'ALLOW_REFRESH_TOKEN_AUTH'
  | 'ALLOW_USER_AUTH'
  | 'ALLOW_CLIENT_TOKEN_AUTH'
export type TimeUnit = 'seconds' | 'minutes' | 'hours' | 'days'
export type OAuthFlow = 'code' | 'implicit' | 'client_credentials'

/** What UpdateUserPoolClient replaces as a whole, in AWS's own words. */
export interface ClientSettings {
  readonly ClientName: string
  readonly RefreshTokenValidity: number
  readonly AccessTokenValidity?: number
  readonly IdTokenValidity?: number
  readonly TokenValidityUnits?: {
    readonly AccessToken?: TimeUnit
    readonly IdToken?: TimeUnit
    readonly RefreshToken?: TimeUnit
  }
  readonly ReadAttributes?: readonly string[]
  readonly WriteAttributes?: readonly string[]
  readonly ExplicitAuthFlows?: readonly AuthFlowSetting[]
  readonly SupportedIdentityProviders?: readonly string[]
  readonly CallbackURLs?: readonly string[]
  readonly LogoutURLs?: readonly string[]
  readonly DefaultRedirectURI?: string
  readonly AllowedOAuthFlows?: readonly OAuthFlow[]
  readonly AllowedOAuthScopes?: readonly string[]
  readonly AllowedOAuthFlowsUserPoolClient: boolean
  readonly AnalyticsConfiguration?: {
    readonly ApplicationId?: string
    readonly ApplicationArn?: string
    readonly RoleArn?: string
    readonly ExternalId?: string
    readonly UserDataShared?: boolean
  }
  readonly PreventUserExistenceErrors?: 'LEGACY' | 'ENABLED'
  readonly EnableTokenRevocation: boolean
  readonly EnablePropagateAdditionalUserContextData: boolean
  readonly AuthSessionValidity: number
  readonly RefreshTokenRotation?: {
    readonly Feature: 'ENABLED' | 'DISABLED'
    readonly RetryGracePeriodSeconds?: number
  }
}

export type ClientSettingsRequest = Partial<ClientSettings> & { readonly ClientName: string }

const unit: Record<TimeUnit, (count: number) => number> = { seconds, minutes, hours, days }

/** How long a client's tokens and sign-in sessions live, in milliseconds. */
export function lifetimes(settings: ClientSettings): {
  access: number
  id: number
  refresh: number
  session: number
} {
  const units = settings.TokenValidityUnits
  return {
    access: unit[units?.AccessToken ?? 'hours'](settings.AccessTokenValidity ?? 1),
    id: unit[units?.IdToken ?? 'hours'](settings.IdTokenValidity ?? 1),
    refresh: unit[units?.RefreshToken ?? 'days'](settings.RefreshTokenValidity),
    session: minutes(settings.AuthSessionValidity),
  }
}

/** The settings that a request asks for, checked, with AWS's defaults for what it leaves out. */
export function clientSettings(
  pool: Pool,
  request: ClientSettingsRequest,
  hasSecret: boolean,
): ClientSettings {
  const settings: ClientSettings = {
    ...request,
    // Zero stands for the default, as the API reference says.
    RefreshTokenValidity: request.RefreshTokenValidity || defaultRefreshValidity(request),
    AllowedOAuthFlowsUserPoolClient: request.AllowedOAuthFlowsUserPoolClient ?? false,
    EnableTokenRevocation: request.EnableTokenRevocation ?? true,
    EnablePropagateAdditionalUserContextData: request.EnablePropagateAdditionalUserContextData ?? false,
    AuthSessionValidity: request.AuthSessionValidity ?? 3,
  }
  checkValidity(settings)
  checkFlows(pool, settings)
  checkOAuth(settings)
  checkPermissions(pool, settings)
  if (settings.EnablePropagateAdditionalUserContextData && !hasSecret) {
    throw new Fault(
      'InvalidParameter',
      'EnablePropagateAdditionalUserContextData can only be activated for an app client that has a client secret.',
    )
  }
  return settings
}

/** Thirty days, in the unit that the request chose for refresh tokens. */
function defaultRefreshValidity(request: ClientSettingsRequest): number {
  return days(30) / unit[request.TokenValidityUnits?.RefreshToken ?? 'days'](1)
}

function checkValidity(settings: ClientSettings): void {
  const life = lifetimes(settings)
  const refuse = () => {
    throw new Fault('InvalidParameter', 'Invalid range for token validity.')
  }
  for (const length of [life.access, life.id]) {
    if (length < minutes(5) || length > days(1)) refuse()
  }
  if (life.refresh < minutes(60) || life.refresh > days(3650)) refuse()
  if (life.refresh < life.access || life.refresh < life.id) refuse()
}

function checkFlows(pool: Pool, settings: ClientSettings): void {
  const flows = settings.ExplicitAuthFlows ?? []
  const legacy = flows.filter((flow) => !flow.startsWith('ALLOW_'))
  if (legacy.length > 0 && legacy.length < flows.length) {
    throw new Fault(
      'InvalidParameter',
      'Cannot use legacy ExplicitAuthFlows values with values that begin with ALLOW_.',
    )
  }
  if (flows.includes('ALLOW_CLIENT_TOKEN_AUTH') && flows.length > 1) {
    throw new Fault(
      'InvalidParameter',
      'ALLOW_CLIENT_TOKEN_AUTH cannot be used with other ExplicitAuthFlows values.',
    )
  }
  if (flows.includes('ALLOW_USER_AUTH') && pool.settings.UserPoolTier === 'LITE') {
    throw new Fault('FeatureUnavailableInTier', 'ALLOW_USER_AUTH', 'ESSENTIALS')
  }
  if (settings.RefreshTokenRotation?.Feature === 'ENABLED' && allows(settings, 'ALLOW_REFRESH_TOKEN_AUTH')) {
    throw new Fault(
      'InvalidParameter',
      'RefreshTokenRotation cannot be enabled with ALLOW_REFRESH_TOKEN_AUTH.',
    )
  }
}

const defaultFlows: readonly AuthFlowSetting[] = [
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_CUSTOM_AUTH',
]

/** What each legacy value stands for. Clients with legacy values never had their refresh gated. */
const legacyFlows: Partial<Record<AuthFlowSetting, readonly AuthFlowSetting[]>> = {
  ADMIN_NO_SRP_AUTH: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  USER_PASSWORD_AUTH: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  CUSTOM_AUTH_FLOW_ONLY: ['ALLOW_CUSTOM_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
}

/** Whether a client allows a flow, whichever generation of values it was configured with. */
export function allows(settings: ClientSettings, flow: AuthFlowSetting): boolean {
  const configured = settings.ExplicitAuthFlows?.length ? settings.ExplicitAuthFlows : defaultFlows
  return configured.some((value) => value === flow || (legacyFlows[value]?.includes(flow) ?? false))
}

function checkOAuth(settings: ClientSettings): void {
  const flows = settings.AllowedOAuthFlows ?? []
  const scopes = settings.AllowedOAuthScopes ?? []
  if (flows.includes('client_credentials') && flows.length > 1) {
    throw new Fault(
      'InvalidOAuthFlow',
      'client_credentials flow can not be selected along with code flow or implicit flow.',
    )
  }
  if (settings.AllowedOAuthFlowsUserPoolClient && (flows.length === 0 || scopes.length === 0)) {
    throw new Fault(
      'InvalidParameter',
      'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.',
    )
  }
  for (const uri of [...(settings.CallbackURLs ?? []), ...(settings.LogoutURLs ?? [])]) checkRedirect(uri)
  const home = settings.DefaultRedirectURI
  if (home !== undefined && !settings.CallbackURLs?.includes(home)) {
    throw new Fault('InvalidParameter', 'defaultRedirectURI must be in the list of CallbackURLs.')
  }
}

function checkRedirect(uri: string): void {
  const url = URL.parse(uri)
  if (url === null || uri.includes('#'))
    throw new Fault('InvalidParameter', `${uri} is not a valid redirect URI.`)
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol === 'http:' && !local) {
    throw new Fault('InvalidParameter', `${uri} cannot use the HTTP protocol.`)
  }
}

/** Attributes that are the service's word about a user: no client writes them. */
const unwritable: ReadonlySet<string> = new Set([
  'sub',
  'email_verified',
  'phone_number_verified',
  'identities',
])

function checkPermissions(pool: Pool, settings: ClientSettings): void {
  const known = new Map(pool.schema.map((attribute) => [attribute.Name, attribute]))
  if (settings.ReadAttributes?.some((name) => !known.has(name))) {
    throw new Fault('InvalidParameter', 'Invalid read attributes specified while creating a client')
  }
  const writable = settings.WriteAttributes
  if (writable === undefined) return
  const invalid = writable.some((name) => !known.has(name) || unwritable.has(name))
  const lacking = pool.schema.some(
    ({ Name, Required }) => Required && Name !== 'sub' && !writable.includes(Name),
  )
  if (invalid || lacking) {
    throw new Fault('InvalidParameter', 'Invalid write attributes specified while creating a client')
  }
}

/** The scopes of resource servers, `server/scope`: what a client can have without a user. */
export const machineScopes = (settings: ClientSettings): string[] =>
  (settings.AllowedOAuthScopes ?? []).filter((scope) => /.\/[^/]+$/.test(scope))

/** Whether a client keeps to itself who exists. */
export const hidesUsers = (settings: ClientSettings): boolean =>
  settings.PreventUserExistenceErrors === 'ENABLED'

/** Whether a client may see an attribute of its users. */
export function canRead(settings: ClientSettings, name: string): boolean {
  return settings.ReadAttributes === undefined || name === 'sub' || settings.ReadAttributes.includes(name)
}

/** Whether a client may let its users write an attribute. Without a list it may write all that users can write. */
export function canWrite(settings: ClientSettings, name: string): boolean {
  if (unwritable.has(name) || name.startsWith('dev:')) return false
  return settings.WriteAttributes === undefined || settings.WriteAttributes.includes(name)
}
