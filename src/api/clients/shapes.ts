import { pattern } from '../../protocol/pattern.ts'
import { boolean, integer, list, oneOf, required, string, struct, timestamp } from '../../protocol/shape.ts'
import { Arn, ClientId, Text, UserPoolId } from '../shapes.ts'

/** The members of an app client, as Create-, Update- and DescribeUserPoolClient share them. */

export const ClientName = string({ min: 1, max: 128, pattern: pattern('[\\w\\s+=,.@-]+') })
export const ClientSecret = string({ min: 24, max: 64, pattern: pattern('[\\w+]+'), sensitive: true })
export const ClientSecretId = string({ min: 1, max: 128 })
export const ClientSecretDescriptor = struct({
  ClientSecretId,
  ClientSecretValue: ClientSecret,
  ClientSecretCreateDate: timestamp,
})
export const Scope = string({ min: 1, max: 256, pattern: pattern('[\\x21\\x23-\\x5B\\x5D-\\x7E]+') })
const TimeUnit = oneOf('seconds', 'minutes', 'hours', 'days')
const Permissions = list(string({ min: 1, max: 2048 }))
const RedirectUrl = string({ min: 1, max: 1024, pattern: pattern('[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+') })
const RedirectUrls = list(RedirectUrl, { min: 0, max: 100 })
export const ClientType = oneOf('DCR', 'REGULAR')

/** What CreateUserPoolClient and UpdateUserPoolClient set alike: an update replaces all of it. */
export const settings = {
  RefreshTokenValidity: integer({ min: 0, max: 315360000 }),
  AccessTokenValidity: integer({ min: 1, max: 86400 }),
  IdTokenValidity: integer({ min: 1, max: 86400 }),
  TokenValidityUnits: struct({ AccessToken: TimeUnit, IdToken: TimeUnit, RefreshToken: TimeUnit }),
  ReadAttributes: Permissions,
  WriteAttributes: Permissions,
  ExplicitAuthFlows: list(
    oneOf(
      'ADMIN_NO_SRP_AUTH',
      'CUSTOM_AUTH_FLOW_ONLY',
      'USER_PASSWORD_AUTH',
      'ALLOW_ADMIN_USER_PASSWORD_AUTH',
      'ALLOW_CUSTOM_AUTH',
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_USER_SRP_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
      'ALLOW_USER_AUTH',
      // Not in the SDK's enum; in AWS's comment on GetClientToken, and in its own template for it.
      'ALLOW_CLIENT_TOKEN_AUTH',
    ),
  ),
  SupportedIdentityProviders: list(
    string({ min: 1, max: 32, pattern: pattern('[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\p{Z}]+') }),
  ),
  CallbackURLs: RedirectUrls,
  LogoutURLs: RedirectUrls,
  DefaultRedirectURI: RedirectUrl,
  AllowedOAuthFlows: list(oneOf('code', 'implicit', 'client_credentials'), { min: 0, max: 3 }),
  AllowedOAuthScopes: list(Scope, { max: 50 }),
  AllowedOAuthFlowsUserPoolClient: boolean,
  AnalyticsConfiguration: struct({
    ApplicationId: string({ pattern: pattern('^[0-9a-fA-F]+$') }),
    ApplicationArn: Arn,
    RoleArn: Arn,
    ExternalId: Text,
    UserDataShared: boolean,
  }),
  PreventUserExistenceErrors: oneOf('LEGACY', 'ENABLED'),
  EnableTokenRevocation: boolean,
  EnablePropagateAdditionalUserContextData: boolean,
  AuthSessionValidity: integer({ min: 3, max: 15 }),
  RefreshTokenRotation: struct({
    Feature: required(oneOf('ENABLED', 'DISABLED')),
    RetryGracePeriodSeconds: integer({ min: 0, max: 60 }),
  }),
} as const

export const UserPoolClient = struct({
  ...settings,
  UserPoolId,
  ClientName,
  ClientId,
  ClientSecret,
  LastModifiedDate: timestamp,
  CreationDate: timestamp,
  ClientType,
})
