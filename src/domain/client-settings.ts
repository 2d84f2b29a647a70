import { days, minutes } from '../lib/instant.ts'
import { type ClientSettings, defaultRefreshValidity, lifetimes, unwritable } from './client.ts'
import { Fault } from './faults.ts'
import type { Pool } from './pool.ts'
import { mustOffer } from './pool-tier.ts'
import { standardScopes } from './scopes.ts'

export type ClientSettingsRequest = Partial<ClientSettings> & { readonly ClientName: string }

/**
 * The settings that a request asks for, checked, with AWS's defaults for what it leaves out. `customScopes` are those of
 * its scopes that the pool's resource servers define. The texts are AWS's where a capture is known (deploys of
 * cdk-preflight, 2026); those marked `ours` stand in for the rest.
 * @throws Fault InvalidParameter, InvalidOAuthFlow, UnknownScope, FeatureUnavailableInTier
 */
export function clientSettings(
  pool: Pool,
  request: ClientSettingsRequest,
  hasSecret: boolean,
  customScopes: ReadonlySet<string>,
): ClientSettings {
  const TokenValidityUnits = request.TokenValidityUnits ?? {}
  const { AnalyticsConfiguration, RefreshTokenRotation } = request
  const settings: ClientSettings = {
    ...request,
    // Zero stands for the default, as the API reference says.
    RefreshTokenValidity: request.RefreshTokenValidity || defaultRefreshValidity(TokenValidityUnits),
    TokenValidityUnits,
    AllowedOAuthFlowsUserPoolClient: request.AllowedOAuthFlowsUserPoolClient ?? false,
    EnableTokenRevocation: request.EnableTokenRevocation ?? true,
    EnablePropagateAdditionalUserContextData: request.EnablePropagateAdditionalUserContextData ?? false,
    AuthSessionValidity: request.AuthSessionValidity ?? 3,
    ...(AnalyticsConfiguration && {
      AnalyticsConfiguration: { UserDataShared: false, ...AnalyticsConfiguration },
    }),
    ...(RefreshTokenRotation && {
      RefreshTokenRotation: { RetryGracePeriodSeconds: 0, ...RefreshTokenRotation },
    }),
  }
  checkValidity(settings)
  checkFlows(pool, settings)
  checkOAuth(settings, hasSecret, customScopes)
  checkRedirects(settings)
  checkPermissions(pool, settings)
  checkAnalytics(settings)
  if (settings.EnablePropagateAdditionalUserContextData && !hasSecret)
    refuse('Client Secret is required to set EnablePropagateAdditionalUserContextData as true')
  return settings
}

function refuse(text: string): never {
  throw new Fault('InvalidParameter', text)
}

function checkValidity(settings: ClientSettings): void {
  const { access, id, refresh } = lifetimes(settings)
  const outside = [access, id].some((length) => length < minutes(5) || length > days(1))
  if (outside || refresh < minutes(60) || refresh > days(3650)) refuse('Invalid range for token validity.')
  if (refresh < access || refresh < id) {
    refuse(
      'Access and Id Token expiration times must be less than or equal to refresh token expiration times.',
    )
  }
}

function checkFlows(pool: Pool, settings: ClientSettings): void {
  const flows = settings.ExplicitAuthFlows ?? []
  const current = flows.filter((flow) => flow.startsWith('ALLOW_'))
  if (current.length > 0 && current.length < flows.length)
    refuse("Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.")
  // ours
  if (flows.includes('ALLOW_CLIENT_TOKEN_AUTH') && flows.length > 1)
    refuse('ALLOW_CLIENT_TOKEN_AUTH cannot be used with other ExplicitAuthFlows values.')
  // ours, the features' names
  const tier = pool.settings.UserPoolTier
  if (flows.includes('ALLOW_USER_AUTH')) mustOffer(tier, 'Choice-Based Sign-In', 'ESSENTIALS')
  if (settings.RefreshTokenRotation?.Feature !== 'ENABLED') return
  mustOffer(tier, 'Refresh Token Rotation', 'ESSENTIALS')
  // Only where the request names it: clients with legacy flows, or with none, may rotate.
  if (flows.includes('ALLOW_REFRESH_TOKEN_AUTH')) {
    refuse(
      'ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled',
    )
  }
}

function checkOAuth(settings: ClientSettings, hasSecret: boolean, custom: ReadonlySet<string>): void {
  const flows = new Set(settings.AllowedOAuthFlows)
  const scopes = settings.AllowedOAuthScopes ?? []
  const refuseFlow = (text: string) => {
    throw new Fault('InvalidOAuthFlow', text)
  }
  if (settings.AllowedOAuthFlowsUserPoolClient && (flows.size === 0 || scopes.length === 0)) {
    refuse(
      'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.',
    )
  }
  const unknown = scopes.find((scope) => !standardScopes.has(scope) && !custom.has(scope))
  if (unknown !== undefined) throw new Fault('UnknownScope', unknown)
  if (flows.has('client_credentials')) {
    if (flows.size > 1)
      refuseFlow('client_credentials flow can not be selected along with code flow or implicit flow.')
    if (!hasSecret)
      refuseFlow('client_credentials flow can not be selected if client does not have a client secret.')
    const personal = scopes.find((scope) => standardScopes.has(scope))
    if (personal !== undefined) refuseFlow(`${personal} is not supported with client_credentials flow`)
  } else if (settings.AllowedOAuthFlowsUserPoolClient && !settings.CallbackURLs?.length) {
    refuseFlow('CallbackUrls can not be empty when code flow or implicit flow is selected')
  }
}

function checkRedirects({
  CallbackURLs = [],
  LogoutURLs = [],
  DefaultRedirectURI: home,
}: ClientSettings): void {
  for (const uri of [...CallbackURLs, ...LogoutURLs]) {
    const url = URL.parse(uri)
    // ours
    if (url === null) refuse(`${uri} is not a valid redirect URI.`)
    if (uri.includes('#')) refuse(`${uri} cannot use fragment`)
    const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
    if (url.protocol === 'http:' && !local) refuse(`${uri} cannot use the HTTP protocol.`)
  }
  if (home !== undefined && !CallbackURLs.includes(home))
    refuse(`The default redirect URI ${home} is not in the callback URIs list.`)
}

function checkPermissions(pool: Pool, { ReadAttributes, WriteAttributes: writable }: ClientSettings): void {
  const known = new Set(pool.schema.map(({ Name }) => Name))
  if (ReadAttributes?.some((name) => !known.has(name)))
    refuse('Invalid read attributes specified while creating a client')
  if (writable === undefined) return
  const invalid = writable.some((name) => !known.has(name) || unwritable.has(name))
  const lacking = pool.schema.some(
    ({ Name, Required }) => Required && Name !== 'sub' && !writable.includes(Name),
  )
  if (invalid || lacking) refuse('Invalid write attributes specified while creating a client')
}

function checkAnalytics({ AnalyticsConfiguration }: ClientSettings): void {
  if (AnalyticsConfiguration === undefined) return
  const { ApplicationArn, ApplicationId, RoleArn, ExternalId } = AnalyticsConfiguration
  const byArn = ApplicationArn !== undefined
  const parts = [ApplicationId, ExternalId].filter((part) => part !== undefined).length
  if (byArn ? parts > 0 : parts < 2 || RoleArn === undefined) {
    refuse(
      'Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid',
    )
  }
}
