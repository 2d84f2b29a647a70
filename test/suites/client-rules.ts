/** What CreateUserPoolClient and UpdateUserPoolClient must both refuse, and what they must both show. */

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type {
  ExplicitAuthFlowsType,
  OAuthFlowType,
  UpdateUserPoolClientCommandInput,
  UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider'
import { defaults } from '../clients.ts'
import { refusal } from '../fixtures.ts'
import { invalid } from '../pools.ts'

export type Settings = Omit<UpdateUserPoolClientCommandInput, 'UserPoolId' | 'ClientId'>

const flows = (...ExplicitAuthFlows: ExplicitAuthFlowsType[]) => ({ ExplicitAuthFlows })
const rotation = (RetryGracePeriodSeconds?: number) => ({
  RefreshTokenRotation: {
    Feature: 'ENABLED' as const,
    ...(RetryGracePeriodSeconds !== undefined && { RetryGracePeriodSeconds }),
  },
})
const oauth = (flows: OAuthFlowType[], scopes: string[], CallbackURLs: string[] = []) => ({
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: flows,
  AllowedOAuthScopes: scopes,
  CallbackURLs,
})
const application = 'arn:aws:mobiletargeting:us-east-1:123456789012:apps/d70b2ba36a8c4dc5a04a0451a31a1e12'

const range = 'Invalid range for token validity.'
const required =
  'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.'
const analytics =
  'Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid'
const readable = 'Invalid read attributes specified while creating a client'
const writable = 'Invalid write attributes specified while creating a client'

const refused: readonly (readonly [what: string, settings: Settings, message: string])[] = [
  [
    'access tokens of four minutes',
    { AccessTokenValidity: 4, TokenValidityUnits: { AccessToken: 'minutes' } },
    range,
  ],
  ['access tokens of 25 hours', { AccessTokenValidity: 25 }, range],
  ['ID tokens of two days', { IdTokenValidity: 2, TokenValidityUnits: { IdToken: 'days' } }, range],
  [
    'refresh tokens of 59 minutes',
    { RefreshTokenValidity: 59, TokenValidityUnits: { RefreshToken: 'minutes' } },
    range,
  ],
  ['refresh tokens of 3651 days', { RefreshTokenValidity: 3651 }, range],
  [
    'refresh tokens that end before access tokens',
    { AccessTokenValidity: 24, RefreshTokenValidity: 23, TokenValidityUnits: { RefreshToken: 'hours' } },
    'Access and Id Token expiration times must be less than or equal to refresh token expiration times.',
  ],

  [
    'flows of two generations',
    flows('ALLOW_USER_SRP_AUTH', 'ADMIN_NO_SRP_AUTH'),
    "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
  ],
  [
    'rotation with the flow that cannot rotate',
    { ...flows('ALLOW_REFRESH_TOKEN_AUTH'), ...rotation() },
    'ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled',
  ],

  ['OAuth without flows', oauth([], ['openid'], ['https://example.com']), required],
  ['OAuth without scopes', oauth(['code'], [], ['https://example.com']), required],
  [
    'a redirect that is no URL',
    { CallbackURLs: ['example.com'] },
    'example.com is not a valid redirect URI.',
  ],
  [
    'a redirect with a fragment',
    { CallbackURLs: ['https://example.com/#top'] },
    'https://example.com/#top cannot use fragment',
  ],
  [
    'a redirect without encryption',
    { LogoutURLs: ['http://example.com'] },
    'http://example.com cannot use the HTTP protocol.',
  ],
  [
    'a default redirect of its own',
    { CallbackURLs: ['https://example.com/a'], DefaultRedirectURI: 'https://example.com/b' },
    'The default redirect URI https://example.com/b is not in the callback URIs list.',
  ],

  ['attributes to read that nobody has', { ReadAttributes: ['email', 'custom:absent'] }, readable],
  ['attributes to write that nobody has', { WriteAttributes: ['email', 'custom:absent'] }, writable],
  ['attributes to write that are the service’s', { WriteAttributes: ['email_verified'] }, writable],

  [
    'analytics without a role',
    { AnalyticsConfiguration: { ApplicationId: '0a', ExternalId: 'x' } },
    analytics,
  ],
  [
    'analytics by an application and its id',
    { AnalyticsConfiguration: { ApplicationArn: application, ApplicationId: '0a' } },
    analytics,
  ],
  [
    'what only a client with a secret can keep',
    { EnablePropagateAdditionalUserContextData: true },
    'Client Secret is required to set EnablePropagateAdditionalUserContextData as true',
  ],
]

const flowRefused: readonly (readonly [what: string, settings: Settings, message: string])[] = [
  [
    'machines and people in one',
    oauth(['code', 'client_credentials'], ['openid'], ['https://example.com']),
    'client_credentials flow can not be selected along with code flow or implicit flow.',
  ],
  [
    'machines without a secret',
    { AllowedOAuthFlows: ['client_credentials'] },
    'client_credentials flow can not be selected if client does not have a client secret.',
  ],
  [
    'people without a way back',
    oauth(['implicit'], ['openid']),
    'CallbackUrls can not be empty when code flow or implicit flow is selected',
  ],
]

/** What a request says, and what the client shows otherwise than by default. */
const shown: readonly (readonly [what: string, sent: Settings, shown: Partial<UserPoolClientType>])[] = [
  ['thirty days for none', { RefreshTokenValidity: 0 }, {}],
  [
    'thirty days in the unit that is chosen',
    { TokenValidityUnits: { RefreshToken: 'minutes' } },
    { RefreshTokenValidity: 43_200, TokenValidityUnits: { RefreshToken: 'minutes' } },
  ],
  [
    'lengths in the unit of each',
    {
      AccessTokenValidity: 1,
      IdTokenValidity: 24,
      RefreshTokenValidity: 3650,
      TokenValidityUnits: { AccessToken: 'days' },
    },
    {
      AccessTokenValidity: 1,
      IdTokenValidity: 24,
      RefreshTokenValidity: 3650,
      TokenValidityUnits: { AccessToken: 'days' },
    },
  ],
  [
    'no grace period',
    rotation(),
    { RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 } },
  ],
  [
    'rotation with flows of the first generation',
    { ...flows('ADMIN_NO_SRP_AUTH'), ...rotation(10) },
    { ...flows('ADMIN_NO_SRP_AUTH'), ...rotation(10) },
  ],
  [
    'the service’s role for an application by its ARN',
    { AnalyticsConfiguration: { ApplicationArn: application } },
    {
      AnalyticsConfiguration: {
        ApplicationArn: application,
        RoleArn:
          'arn:aws:iam::123456789012:role/aws-service-role/cognito-idp.amazonaws.com/AWSServiceRoleForAmazonCognitoIdp',
        UserDataShared: false,
      },
    },
  ],
  [
    'OAuth that is not used yet',
    { AllowedOAuthFlows: ['code'], AllowedOAuthScopes: ['openid'] },
    { AllowedOAuthFlows: ['code'], AllowedOAuthScopes: ['openid'] },
  ],
  ['empty lists', { ...flows(), CallbackURLs: [] }, { ...flows(), CallbackURLs: [] }],
  [
    'user existence as it once was',
    { PreventUserExistenceErrors: 'LEGACY' },
    { PreventUserExistenceErrors: 'LEGACY' },
  ],
]

/** `send` puts the settings into a client without a secret, of a pool of the plan, and answers what it shows. */
export function clientRules(send: (settings: Settings, tier?: 'LITE') => Promise<UserPoolClientType>): void {
  describe('shows', () => {
    for (const [what, sent, changed] of shown) {
      test(what, async () => {
        const { UserPoolId, ClientId, ClientName, CreationDate, LastModifiedDate, ...settings } =
          await send(sent)
        assert.deepEqual(settings, { ...defaults, ...changed })
      })
    }
  })

  describe('refuses', () => {
    for (const [what, settings, message] of refused) {
      test(what, () => assert.rejects(send(settings), invalid(message)))
    }

    for (const [what, settings, message] of flowRefused) {
      test(what, () => assert.rejects(send(settings), refusal('InvalidOAuthFlowException', message)))
    }

    test('a provider that the pool does not have', () =>
      assert.rejects(send({ SupportedIdentityProviders: ['COGNITO', 'Google'] }), (error: Error) => {
        assert.equal(error.name, 'InvalidParameterException')
        assert.match(error.message, /^The provider Google does not exist for User Pool us-east-1_\w{9}\.$/)
        return true
      }))

    test('a scope that nobody has defined', () =>
      assert.rejects(
        send({ AllowedOAuthScopes: ['openid', 'shop/read'] }),
        refusal('ScopeDoesNotExistException', 'Invalid scope requested: shop/read'),
      ))

    for (const [feature, settings] of [
      ['Choice-Based Sign-In', flows('ALLOW_USER_AUTH')],
      ['Refresh Token Rotation', rotation()],
    ] as const) {
      test(`${feature} with LITE`, () =>
        assert.rejects(
          send(settings, 'LITE'),
          refusal(
            'FeatureUnavailableInTierException',
            `The following feature is not available for the LITE pricing tier configured: ${feature}`,
          ),
        ))
    }
  })
}
