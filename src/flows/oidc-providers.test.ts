import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { AdminGetUserCommand, type IdentityProviderTypeType } from '@aws-sdk/client-cognito-identity-provider'
import { type CryptoKey, exportJWK, exportPKCS8, generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { clientOf } from '../../test/accounts.ts'
import { attributesIn, createPool } from '../../test/fixtures.ts'
import { onEachStore } from '../../test/harness.ts'
import { authorizeUrl, browserAt, giveDomain, openClient } from '../../test/identity-provider.ts'
import { appleDetails, providersAt, socialDetails } from '../../test/providers.ts'
import type { Answered, OutboundRequest } from '../ports/outbound.ts'

/** One of the providers that a pool knows without being told where it is. */
interface Social {
  readonly type: IdentityProviderTypeType
  readonly details: Record<string, string>
  readonly mapping: Record<string, string>
  readonly authorize: string
  readonly token: string
  readonly scope: string
  /** Its ID tokens: who issues them, and where its keys are. */
  readonly id?: { readonly issuer: string; readonly jwks: string; readonly claims: Record<string, unknown> }
  /** What it says of a user, and at which address. */
  readonly info?: { readonly url: string; readonly says: Record<string, unknown> }
  readonly hints?: Record<string, string>
}

const apple = await generateKeyPair('ES256', { extractable: true })

const socials: readonly Social[] = [
  {
    type: 'Google',
    details: socialDetails,
    mapping: { email: 'email', name: 'name' },
    authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
    token: 'https://www.googleapis.com/oauth2/v4/token',
    scope: 'email profile openid',
    id: {
      issuer: 'https://accounts.google.com',
      jwks: 'https://www.googleapis.com/oauth2/v3/certs',
      claims: { sub: '1234', email: 'ada@example.com', name: 'Ada' },
    },
  },
  {
    type: 'LoginWithAmazon',
    details: { ...socialDetails, authorize_scopes: 'profile postal_code' },
    mapping: { email: 'email', name: 'name' },
    authorize: 'https://www.amazon.com/ap/oa',
    token: 'https://api.amazon.com/auth/o2/token',
    scope: 'profile postal_code',
    info: {
      url: 'https://api.amazon.com/user/profile',
      says: { user_id: '1234', email: 'ada@example.com', name: 'Ada' },
    },
  },
  {
    type: 'Facebook',
    details: { ...socialDetails, authorize_scopes: 'public_profile,email' },
    mapping: { email: 'email', name: 'name', username: 'id' },
    authorize: 'https://www.facebook.com/v17.0/dialog/oauth',
    token: 'https://graph.facebook.com/v17.0/oauth/access_token',
    scope: 'public_profile,email',
    info: {
      url: 'https://graph.facebook.com/v17.0/me?fields=id,email,name',
      says: { id: '1234', email: 'ada@example.com', name: 'Ada' },
    },
  },
  {
    type: 'SignInWithApple',
    details: { ...appleDetails, private_key: await exportPKCS8(apple.privateKey) },
    mapping: { email: 'email', name: 'name' },
    authorize: 'https://appleid.apple.com/auth/authorize',
    token: 'https://appleid.apple.com/auth/token',
    scope: 'email name',
    id: {
      issuer: 'https://appleid.apple.com',
      jwks: 'https://appleid.apple.com/auth/keys',
      claims: { sub: '1234', email: 'ada@example.com', name: 'Ada' },
    },
    hints: { response_mode: 'form_post' },
  },
]

describe('the providers that everybody knows', () => {
  onEachStore((server) => {
    let keys: { publicKey: CryptoKey; privateKey: CryptoKey }
    before(async () => {
      keys = await generateKeyPair('RS256')
    })
    const json = (body: unknown): Answered => ({
      status: 200,
      body: JSON.stringify(body),
      contentType: 'application/json',
    })

    for (const { type, details, mapping, authorize, token, scope, id, info, hints = {} } of socials) {
      test(`${type} signs its users in`, async () => {
        const UserPoolId = await createPool(server(), { MfaConfiguration: 'OFF' })
        await giveDomain(server(), UserPoolId)
        await providersAt(server).create(UserPoolId, type, {
          ProviderType: type,
          ProviderDetails: details,
          AttributeMapping: mapping,
        })
        const place = await clientOf(server(), UserPoolId, {
          ...openClient,
          SupportedIdentityProviders: [type],
        })
        const browser = browserAt(server)
        const request = await browser.sentTo(authorizeUrl(place, { identity_provider: type }))
        assert.equal(`${request.origin}${request.pathname}`, authorize)
        const { state = '', nonce, code_challenge: _, ...others } = Object.fromEntries(request.searchParams)
        assert.deepEqual(others, {
          client_id: details.client_id,
          redirect_uri: 'http://localhost:9229/oauth2/idpresponse',
          response_type: 'code',
          code_challenge_method: 'S256',
          scope,
          ...hints,
        })
        assert.equal(nonce !== undefined, id !== undefined)

        const asked: OutboundRequest[] = []
        const now = Math.floor(server().clock.now / 1000)
        server().documents.serve(token, async (request) => {
          asked.push(request)
          const id_token =
            id &&
            (await new SignJWT({ ...id.claims, nonce })
              .setProtectedHeader({ alg: 'RS256', kid: 'one' })
              .setIssuer(id.issuer)
              .setAudience(details.client_id ?? '')
              .setIssuedAt(now)
              .setExpirationTime(now + 60)
              .sign(keys.privateKey))
          return json({
            access_token: 'of the provider',
            token_type: 'bearer',
            ...(id_token && { id_token }),
          })
        })
        if (id) {
          const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
          server().documents.serve(id.jwks, () => json({ keys: [jwk] }))
        }
        if (info)
          server().documents.serve(info.url.replace(/\?.*/, ''), (request) => {
            asked.push(request)
            return json(info.says)
          })
        const answer = new URLSearchParams({ code: 'of the provider', state })
        const back = await browser.sentTo('/oauth2/idpresponse', { method: 'POST', body: answer.toString() })
        assert.ok(back.searchParams.has('code'), back.href)

        const [forTokens, forInfo, ...more] = asked
        assert.deepEqual(more, [])
        const form = Object.fromEntries(new URLSearchParams(forTokens?.body))
        assert.deepEqual(
          { code: form.code, client_id: form.client_id, grant_type: form.grant_type },
          { code: 'of the provider', client_id: details.client_id, grant_type: 'authorization_code' },
        )
        if (type === 'SignInWithApple') {
          const audience = 'https://appleid.apple.com'
          const currentDate = new Date(server().clock.now)
          const { payload, protectedHeader } = await jwtVerify(form.client_secret ?? '', apple.publicKey, {
            audience,
            currentDate,
          })
          assert.deepEqual(protectedHeader, { alg: 'ES256', kid: 'KEY' })
          assert.deepEqual([payload.iss, payload.sub], ['TEAM', details.client_id])
        } else assert.equal(form.client_secret, details.client_secret)
        assert.equal(forInfo?.url, info?.url)
        if (info) assert.equal(forInfo?.headers.authorization, 'Bearer of the provider')

        const { UserAttributes } = await server().client.send(
          new AdminGetUserCommand({ UserPoolId, Username: `${type}_1234` }),
        )
        const { sub: __, identities: ___, ...attributes } = attributesIn(UserAttributes)
        assert.deepEqual(attributes, { email: 'ada@example.com', email_verified: 'false', name: 'Ada' })
      })
    }
  })
})
