/** What tests of identity providers and of links to them share. */

import {
  AdminDisableProviderForUserCommand,
  AdminLinkProviderForUserCommand,
  CreateIdentityProviderCommand,
  type CreateIdentityProviderCommandInput,
  DeleteIdentityProviderCommand,
  DescribeIdentityProviderCommand,
  GetIdentityProviderByIdentifierCommand,
  GetSigningCertificateCommand,
  ListIdentityProvidersCommand,
  type ProviderUserIdentifierType,
  UpdateIdentityProviderCommand,
  type UpdateIdentityProviderCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { keyMaker } from '../src/adapters/key-maker.ts'
import { refusal } from './fixtures.ts'
import type { TestServer } from './harness.ts'

export const noProvider = (name: string) =>
  refusal('ResourceNotFoundException', `Identity provider ${name} does not exist.`)
export const wrong = (text: string) => refusal('InvalidParameterException', text)

export const issuer = 'https://id.example.com/tenant'
export const discoveryUrl = `${issuer}/.well-known/openid-configuration`
export const discovery = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/jwks`,
  scopes_supported: ['openid'],
}
export const endpoints = {
  authorize_url: discovery.authorization_endpoint,
  token_url: discovery.token_endpoint,
  attributes_url: discovery.userinfo_endpoint,
  jwks_uri: discovery.jwks_uri,
}
export const oidcDetails = {
  client_id: 'client',
  client_secret: 'the-secret-of-oidc',
  authorize_scopes: 'openid email',
  oidc_issuer: issuer,
  attributes_request_method: 'GET',
}
export const socialDetails = {
  client_id: 'client',
  client_secret: 'the-secret-of-a-social-provider',
  authorize_scopes: 'email profile openid',
}
export const appleDetails = {
  client_id: 'com.example.cognito',
  team_id: 'TEAM',
  key_id: 'KEY',
  private_key: 'the-private-key-of-apple',
  authorize_scopes: 'email name',
}

/** A certificate of somebody's, as DER in base64. */
export async function newCertificateText(): Promise<string> {
  const now = Date.UTC(2026, 0, 1)
  const facts = { commonName: 'idp', serial: Buffer.alloc(16, 1), from: now, until: now + 3_600_000 }
  return Buffer.from(await keyMaker.certify(await keyMaker.rsa(), facts)).toString('base64')
}

const binding = (name: string) => `urn:oasis:names:tc:SAML:2.0:bindings:HTTP-${name}`

/** What is in the IDPSSODescriptor of a SAML provider. */
export const samlKey = (certificate: string, use = ' use="signing"') =>
  `<KeyDescriptor${use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>
     ${certificate}
   </ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>`
export const samlService = (service: string, location: string, by = 'Redirect') =>
  `<${service} Binding="${binding(by)}" Location="${location}"/>`
export const samlDocument = (content: string, entityId = 'https://idp.example.com/entity') =>
  `<?xml version="1.0" encoding="UTF-8"?>
   <EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"
       xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${entityId}">
     <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
       ${content}
     </IDPSSODescriptor>
   </EntityDescriptor>`

export const metadataUrl = 'https://idp.example.com/metadata.xml'

/** The metadata of a whole SAML provider. */
export const samlMetadata = (certificate: string): string =>
  samlDocument(
    samlKey(certificate) +
      samlService('SingleLogoutService', 'https://idp.example.com/slo?a=1&amp;b=2') +
      samlService('SingleSignOnService', 'https://idp.example.com/post', 'POST') +
      samlService('SingleSignOnService', 'https://idp.example.com/sso'),
  )

/** The operations on identity providers, each answering with what it is about. */
export function providersAt(server: () => Pick<TestServer, 'client'>) {
  const client = () => server().client
  return {
    create: async (
      UserPoolId: string,
      ProviderName: string,
      input: Partial<CreateIdentityProviderCommandInput> = {},
    ) => {
      const { IdentityProvider } = await client().send(
        new CreateIdentityProviderCommand({
          UserPoolId,
          ProviderName,
          ProviderType: 'Google',
          ProviderDetails: socialDetails,
          ...input,
        }),
      )
      return IdentityProvider
    },
    update: async (
      UserPoolId: string,
      ProviderName: string,
      input: Partial<UpdateIdentityProviderCommandInput> = {},
    ) =>
      (await client().send(new UpdateIdentityProviderCommand({ UserPoolId, ProviderName, ...input })))
        .IdentityProvider,
    show: async (UserPoolId: string, ProviderName: string) =>
      (await client().send(new DescribeIdentityProviderCommand({ UserPoolId, ProviderName })))
        .IdentityProvider,
    byIdentifier: async (UserPoolId: string, IdpIdentifier: string) =>
      (await client().send(new GetIdentityProviderByIdentifierCommand({ UserPoolId, IdpIdentifier })))
        .IdentityProvider,
    remove: (UserPoolId: string, ProviderName: string) =>
      client().send(new DeleteIdentityProviderCommand({ UserPoolId, ProviderName })),
    list: (UserPoolId: string, page: { MaxResults?: number; NextToken?: string | undefined } = {}) =>
      client().send(new ListIdentityProvidersCommand({ UserPoolId, ...page })),
    certificate: async (UserPoolId: string) =>
      (await client().send(new GetSigningCertificateCommand({ UserPoolId }))).Certificate,
    link: (
      UserPoolId: string,
      DestinationUser: ProviderUserIdentifierType,
      SourceUser: ProviderUserIdentifierType,
    ) => client().send(new AdminLinkProviderForUserCommand({ UserPoolId, DestinationUser, SourceUser })),
    unlink: (UserPoolId: string, User: ProviderUserIdentifierType) =>
      client().send(new AdminDisableProviderForUserCommand({ UserPoolId, User })),
  }
}

/** A user, or an account elsewhere, as the operations on links name it. */
export const account = (ProviderName: string, value: string, name = 'Cognito_Subject') => ({
  ProviderName,
  ProviderAttributeName: name,
  ProviderAttributeValue: value,
})
