/** What tests of app clients share: a client about which everything is said, and one about which nothing is. */

import assert from 'node:assert/strict'
import {
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  DescribeUserPoolClientCommand,
  type UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider'
import type { TestServer } from './harness.ts'

export async function makeClient(
  server: TestServer,
  UserPoolId: string,
  input: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<UserPoolClientType & { ClientId: string }> {
  const { UserPoolClient, ...rest } = await server.client.send(
    new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'the client', ...input }),
  )
  assert.deepEqual(Object.keys(rest), ['$metadata'])
  assert.ok(UserPoolClient?.ClientId)
  return { ...UserPoolClient, ClientId: UserPoolClient.ClientId }
}

export async function showClient(
  server: TestServer,
  UserPoolId: string,
  ClientId: string,
): Promise<UserPoolClientType> {
  const { UserPoolClient } = await server.client.send(
    new DescribeUserPoolClientCommand({ UserPoolId, ClientId }),
  )
  assert.ok(UserPoolClient)
  return UserPoolClient
}

/** A secret of a caller's own. */
export const ownSecret = 'a_secret_of_the_callers_own'

/** Every setting that an update may change, and none at its default. The client must have a secret. */
export const everySetting = {
  RefreshTokenValidity: 48,
  AccessTokenValidity: 30,
  IdTokenValidity: 600,
  TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'seconds', RefreshToken: 'hours' },
  ReadAttributes: ['email', 'email_verified', 'sub'],
  WriteAttributes: ['email', 'name'],
  ExplicitAuthFlows: [
    'ALLOW_ADMIN_USER_PASSWORD_AUTH',
    'ALLOW_CUSTOM_AUTH',
    'ALLOW_USER_PASSWORD_AUTH',
    'ALLOW_USER_SRP_AUTH',
    'ALLOW_USER_AUTH',
  ],
  SupportedIdentityProviders: ['COGNITO'],
  CallbackURLs: ['https://example.com/back', 'http://localhost:3000', 'myapp://back'],
  LogoutURLs: ['https://example.com/out'],
  DefaultRedirectURI: 'myapp://back',
  AllowedOAuthFlows: ['code', 'implicit'],
  AllowedOAuthScopes: ['openid', 'email', 'phone', 'profile', 'aws.cognito.signin.user.admin'],
  AllowedOAuthFlowsUserPoolClient: true,
  AnalyticsConfiguration: {
    ApplicationId: 'd70b2ba36a8c4dc5a04a0451a31a1e12',
    RoleArn: 'arn:aws:iam::123456789012:role/analytics',
    ExternalId: 'cognate',
    UserDataShared: true,
  },
  PreventUserExistenceErrors: 'ENABLED',
  EnableTokenRevocation: false,
  EnablePropagateAdditionalUserContextData: true,
  AuthSessionValidity: 15,
  RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 60 },
} satisfies Partial<UserPoolClientType>

/** What a client shows that was created with a name. */
export const defaults = {
  RefreshTokenValidity: 30,
  TokenValidityUnits: {},
  AllowedOAuthFlowsUserPoolClient: false,
  EnableTokenRevocation: true,
  EnablePropagateAdditionalUserContextData: false,
  AuthSessionValidity: 3,
  ClientType: 'REGULAR',
} satisfies Partial<UserPoolClientType>
