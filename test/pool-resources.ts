/** What a pool has besides users and clients, each as a kind of resource. */
import { type Json, send } from './by-name.ts'
import { createClient, createPool, type Served } from './fixtures.ts'
import { type Kind, member } from './kind.ts'

const dates = ['CreationDate', 'LastModifiedDate']
const inPool =
  (input: Parameters<typeof createPool>[1] = {}) =>
  async (server: Served) => ({
    UserPoolId: await createPool(server, input),
  })
const atClient = async (server: Served) => {
  const UserPoolId = await createPool(server, { UserPoolTier: 'PLUS' })
  return { UserPoolId, ClientId: (await createClient(server, UserPoolId)).ClientId }
}
const withDomain = async (server: Served) => {
  const place = await atClient(server)
  await send(server, 'CreateUserPoolDomain', { ...place, Domain: `looks-${place.ClientId}` })
  return place
}
const notFound = (message: RegExp) => ({ name: 'ResourceNotFoundException', message })

const oidc = {
  client_id: 'cognate',
  client_secret: 'secret',
  attributes_request_method: 'GET',
  oidc_issuer: 'https://idp.example.com',
  authorize_url: 'https://idp.example.com/authorize',
  token_url: 'https://idp.example.com/token',
  attributes_url: 'https://idp.example.com/userinfo',
  jwks_uri: 'https://idp.example.com/jwks',
  authorize_scopes: 'openid',
  attributes_url_add_attributes: 'false',
}
const action = (EventAction: string, Notify: boolean) => ({ EventAction, Notify })
const message = (Subject: string) => ({ Subject, TextBody: 'Was it you?', HtmlBody: '<p>Was it you?</p>' })

const logo = { Category: 'FORM_LOGO', ColorMode: 'LIGHT', Extension: 'PNG', Bytes: Uint8Array.of(1, 2, 3) }

export const poolResources: Readonly<Record<string, Kind>> = {
  'identity provider': {
    create: 'CreateIdentityProvider',
    read: 'DescribeIdentityProvider',
    update: 'UpdateIdentityProvider',
    remove: 'DeleteIdentityProvider',
    around: inPool(),
    key: () => ({ ProviderName: 'acme' }),
    thing: member('IdentityProvider'),
    names: ['UserPoolId', ...dates],
    smallest: { ProviderName: 'acme', ProviderType: 'OIDC', ProviderDetails: oidc },
    largest: {
      ProviderName: 'acme',
      ProviderType: 'OIDC',
      ProviderDetails: { ...oidc, attributes_request_method: 'POST', authorize_scopes: 'openid email' },
      AttributeMapping: { email: 'email', username: 'sub' },
      IdpIdentifiers: ['acme.example.com'],
      AcrMapping: { Level1: 'urn:acme:low' },
    },
    defaults: { AttributeMapping: { username: 'sub' }, IdpIdentifiers: [] },
    // What an update does not name stays.
    afterwards: {
      AttributeMapping: { email: 'email', username: 'sub' },
      IdpIdentifiers: ['acme.example.com'],
      AcrMapping: { Level1: 'urn:acme:low' },
    },
    gone: notFound(/^Identity provider acme does not exist\.$/),
  },

  'resource server': {
    create: 'CreateResourceServer',
    read: 'DescribeResourceServer',
    update: 'UpdateResourceServer',
    remove: 'DeleteResourceServer',
    around: inPool(),
    key: () => ({ Identifier: 'https://api.example.com' }),
    thing: member('ResourceServer'),
    names: ['UserPoolId'],
    smallest: { Identifier: 'https://api.example.com', Name: 'API' },
    largest: {
      Identifier: 'https://api.example.com',
      Name: 'The API',
      Scopes: [
        { ScopeName: 'read', ScopeDescription: 'reads' },
        { ScopeName: 'write', ScopeDescription: 'writes' },
      ],
    },
    defaults: { Scopes: [] },
    gone: notFound(/^Resource server .* does not exist\.$/),
  },

  // That one is gone is shown by its description, which is empty then, and no refusal.
  'domain of pages': {
    create: 'CreateUserPoolDomain',
    read: 'DescribeUserPoolDomain',
    update: 'UpdateUserPoolDomain',
    async around(server) {
      const { UserPoolId, ClientId } = await atClient(server)
      return { UserPoolId, Domain: `pages-${ClientId}` }
    },
    thing: member('DomainDescription'),
    names: [
      'UserPoolId',
      'Domain',
      'AWSAccountId',
      'S3Bucket',
      'CloudFrontDistribution',
      'Version',
      'Status',
    ],
    smallest: { ManagedLoginVersion: 1 },
    largest: { ManagedLoginVersion: 2 },
    defaults: {},
  },

  'looks of the classic pages': {
    create: 'SetUICustomization',
    read: 'GetUICustomization',
    update: 'SetUICustomization',
    around: withDomain,
    thing: member('UICustomization'),
    names: ['UserPoolId', 'ClientId', 'CSSVersion', ...dates],
    smallest: {},
    largest: { CSS: '.banner-customizable { background-color: #aa5500; }' },
    defaults: {},
  },

  'style of managed login': {
    create: 'CreateManagedLoginBranding',
    read: 'DescribeManagedLoginBranding',
    update: 'UpdateManagedLoginBranding',
    remove: 'DeleteManagedLoginBranding',
    around: atClient,
    key: (created) => ({
      ManagedLoginBrandingId: (created.ManagedLoginBranding as Json).ManagedLoginBrandingId,
    }),
    thing: member('ManagedLoginBranding'),
    names: ['UserPoolId', 'ManagedLoginBrandingId', ...dates],
    smallest: { UseCognitoProvidedValues: true },
    largest: {
      UseCognitoProvidedValues: false,
      Settings: { components: { form: { borderRadius: 8.5 } } },
      Assets: [logo],
    },
    defaults: { Assets: [] },
    // Images that an update does not name stay.
    afterwards: { Assets: [logo] },
    gone: notFound(/./),
  },

  'terms document': {
    create: 'CreateTerms',
    read: 'DescribeTerms',
    update: 'UpdateTerms',
    remove: 'DeleteTerms',
    around: atClient,
    key: (created) => ({ TermsId: (created.Terms as Json).TermsId }),
    thing: member('Terms'),
    names: ['UserPoolId', 'ClientId', 'TermsId', ...dates],
    smallest: {
      TermsName: 'terms-of-use',
      TermsSource: 'LINK',
      Enforcement: 'NONE',
      Links: { 'cognito:default': 'https://example.com/terms' },
    },
    largest: {
      TermsName: 'privacy-policy',
      TermsSource: 'LINK',
      Enforcement: 'NONE',
      Links: {
        'cognito:default': 'https://example.com/privacy',
        'cognito:french': 'https://example.com/fr/privacy',
      },
    },
    defaults: {},
    gone: notFound(/./),
  },

  'risk configuration': {
    create: 'SetRiskConfiguration',
    read: 'DescribeRiskConfiguration',
    update: 'SetRiskConfiguration',
    around: atClient,
    thing: member('RiskConfiguration'),
    names: ['UserPoolId', 'ClientId', 'LastModifiedDate'],
    smallest: {},
    largest: {
      CompromisedCredentialsRiskConfiguration: {
        EventFilter: ['SIGN_IN', 'PASSWORD_CHANGE', 'SIGN_UP'],
        Actions: { EventAction: 'BLOCK' },
      },
      AccountTakeoverRiskConfiguration: {
        NotifyConfiguration: {
          From: 'no-reply@example.com',
          ReplyTo: 'help@example.com',
          SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/no-reply@example.com',
          BlockEmail: message('Blocked'),
          NoActionEmail: message('Allowed'),
          MfaEmail: message('Asked'),
        },
        Actions: {
          LowAction: action('NO_ACTION', false),
          MediumAction: action('MFA_IF_CONFIGURED', true),
          HighAction: action('BLOCK', true),
        },
      },
      RiskExceptionConfiguration: {
        BlockedIPRangeList: ['192.0.2.0/24'],
        SkippedIPRangeList: ['198.51.100.0/24'],
      },
    },
    defaults: {},
  },

  'delivery of logs': {
    create: 'SetLogDeliveryConfiguration',
    read: 'GetLogDeliveryConfiguration',
    update: 'SetLogDeliveryConfiguration',
    around: inPool({ UserPoolTier: 'PLUS' }),
    thing: member('LogDeliveryConfiguration'),
    names: ['UserPoolId'],
    smallest: { LogConfigurations: [] },
    largest: {
      LogConfigurations: [
        {
          LogLevel: 'ERROR',
          EventSource: 'userNotification',
          CloudWatchLogsConfiguration: {
            LogGroupArn: 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/messages',
          },
        },
        {
          LogLevel: 'INFO',
          EventSource: 'userAuthEvents',
          FirehoseConfiguration: {
            StreamArn: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/events',
          },
        },
      ],
    },
    defaults: {},
  },
}

/** What a creation is told, for tests that want one of a kind and no more. */
export const smallest = (kind: string): Json => poolResources[kind]?.smallest ?? fail(kind)
export const largest = (kind: string): Json => poolResources[kind]?.largest ?? fail(kind)

function fail(kind: string): never {
  throw new Error(`no kind of resource is called ${kind}`)
}
