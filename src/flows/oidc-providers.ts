import { createPrivateKey } from 'node:crypto'
import { SignJWT } from 'jose'
import type { IdentityProvider, ProviderType } from '../domain/identity-provider.ts'
import { OAuthError, oauthErrorCode } from '../domain/oauth-error.ts'
import { type Instant, minutes } from '../lib/instant.ts'
import type { App } from '../ports/app.ts'
import { type OidcProvider, OidcRefusal } from '../ports/oidc-client.ts'
import { allDetails } from './identity-providers.ts'
import type { ProviderProtocol } from './provider-protocol.ts'

type Details = Readonly<Record<string, string>>

/** What a provider's details make of it, beside what all of them say alike. */
type Particulars = Partial<OidcProvider> & { readonly hints?: Readonly<Record<string, string>> }

/**
 * How each type of provider is spoken to. Where details do not name the keys, they are where the provider's own discovery
 * document has them.
 */
const particulars: Record<
  Exclude<ProviderType, 'SAML'>,
  (details: Details, provider: IdentityProvider, now: Instant) => Particulars | Promise<Particulars>
> = {
  OIDC: ({ oidc_issuer: issuer = '', jwks_uri: jwksUrl = '', attributes_url: url, ...details }) => ({
    idToken: { issuer, jwksUrl },
    ...(url && { userInfo: { url, method: details.attributes_request_method === 'POST' ? 'POST' : 'GET' } }),
  }),
  Google: ({ oidc_issuer: issuer = '' }) => ({
    idToken: { issuer, jwksUrl: 'https://www.googleapis.com/oauth2/v3/certs' },
  }),
  SignInWithApple: async (details, _, now) => ({
    clientSecret: await appleSecret(details, now),
    idToken: { issuer: details.oidc_issuer ?? '', jwksUrl: 'https://appleid.apple.com/auth/keys' },
    // Apple answers no request for a name or an address in another way.
    hints: { response_mode: 'form_post' },
  }),
  LoginWithAmazon: ({ attributes_url: url = '' }) => ({ userInfo: { url, method: 'GET' } }),
  // The address ends where the fields begin: `attributes_url_add_attributes`.
  Facebook: ({ attributes_url: url = '' }, { mapping }) => ({
    userInfo: { url: url + [...new Set(['id', ...Object.values(mapping)])].join(','), method: 'GET' },
  }),
}

export const oidc: ProviderProtocol = {
  path: '/oauth2/idpresponse',

  async url({ app, now }, provider, asked, hints) {
    const party = await oidcProviderOf(app, provider, now)
    return app.oidc.authorizationUrl(party, asked, { ...hints, ...party.hints })
  },

  async answer({ app, now }, provider, asked, parameters) {
    const party = await oidcProviderOf(app, provider, now)
    const answer = await app.oidc.answer(party, asked, parameters, now).catch((error) => {
      if (!(error instanceof OidcRefusal)) throw error
      const { name, poolId } = provider
      app.journal.info('an identity provider signed nobody in', {
        poolId,
        provider: name,
        error: error.cause,
      })
      throw new OAuthError(oauthErrorCode(error.code), error.message, { cause: error })
    })
    return { answer }
  },
}

/** A provider as a party to OAuth, and what else goes along when somebody is sent there. */
async function oidcProviderOf(
  app: App,
  provider: IdentityProvider,
  now: Instant,
): Promise<OidcProvider & { readonly hints: Readonly<Record<string, string>> }> {
  if (provider.type === 'SAML') throw new Error('a SAML provider is no party to OAuth')
  const details = allDetails(app, provider)
  return {
    name: provider.name,
    clientId: details.client_id ?? '',
    clientSecret: details.client_secret,
    scope: details.authorize_scopes ?? '',
    authorizeUrl: details.authorize_url ?? '',
    tokenUrl: details.token_url ?? '',
    hints: {},
    ...(await particulars[provider.type](details, provider, now)),
  }
}

/** The secret that Apple asks for is made anew each time. Source: Apple, "Creating a client secret". */
async function appleSecret(
  { client_id = '', team_id = '', key_id = '', private_key = '' }: Details,
  now: Instant,
): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: key_id })
    .setIssuer(team_id)
    .setSubject(client_id)
    .setAudience('https://appleid.apple.com')
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor((now + minutes(5)) / 1000))
    .sign(createPrivateKey(pem(private_key)))
}

/** The key comes with the lines around it, or without, as the console takes it. */
const pem = (key: string): string =>
  key.includes('-----BEGIN') ? key : `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----`
