import type { Instant } from '../lib/instant.ts'
import { days, hours, minutes, seconds } from '../lib/instant.ts'
import type { ClientId, UserPoolId } from './ids.ts'

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

const unit: Record<TimeUnit, (count: number) => number> = { seconds, minutes, hours, days }

/** How long a client's tokens and sign-in sessions live, in milliseconds. */
export function lifetimes(settings: ClientSettings): {
  access: number
  id: number
  refresh: number
  session: number
} {
  const { AccessTokenValidity, IdTokenValidity, TokenValidityUnits: units } = settings
  // A validity that is not set is an hour, also where a unit is set.
  const hour = (validity: number | undefined, name: TimeUnit = 'hours') =>
    validity === undefined ? hours(1) : unit[name](validity)
  return {
    access: hour(AccessTokenValidity, units?.AccessToken),
    id: hour(IdTokenValidity, units?.IdToken),
    refresh: unit[units?.RefreshToken ?? 'days'](settings.RefreshTokenValidity),
    session: minutes(settings.AuthSessionValidity),
  }
}

/** Thirty days, in the unit of a client's refresh tokens. */
export function defaultRefreshValidity(units: ClientSettings['TokenValidityUnits']): number {
  return days(30) / unit[units?.RefreshToken ?? 'days'](1)
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
  const rotates = settings.RefreshTokenRotation?.Feature === 'ENABLED'
  // GetTokensFromRefreshToken alone can hand out the token that replaces the one used up.
  if (rotates && flow === 'ALLOW_REFRESH_TOKEN_AUTH') return false
  const configured = settings.ExplicitAuthFlows?.length ? settings.ExplicitAuthFlows : defaultFlows
  return configured.some((value) => value === flow || (legacyFlows[value]?.includes(flow) ?? false))
}

/** Attributes that are the service's word about a user: no client writes them. */
export const unwritable: ReadonlySet<string> = new Set([
  'sub',
  'email_verified',
  'phone_number_verified',
  'identities',
])

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
