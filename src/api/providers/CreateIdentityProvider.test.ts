import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import type { CreateIdentityProviderCommandInput } from '@aws-sdk/client-cognito-identity-provider'
import { createPool, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  appleDetails,
  discovery,
  discoveryUrl,
  endpoints,
  metadataUrl,
  newCertificateText,
  oidcDetails,
  providersAt,
  samlMetadata,
  socialDetails,
  wrong,
} from '../../../test/providers.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'
import { mostProviders, type ProviderType } from '../../domain/identity-provider.ts'
import type { UserPoolId as PoolId } from '../../domain/ids.ts'

type Details = Record<string, string>
const text = (value: unknown) => JSON.stringify(value)

describe('CreateIdentityProvider', () => {
  onEachStore((server) => {
    const { create, show } = providersAt(server)
    let UserPoolId: string
    let metadata: string
    before(async () => {
      metadata = samlMetadata(await newCertificateText())
      server().documents.put(metadataUrl, metadata)
      server().documents.put(discoveryUrl, text(discovery))
    })
    beforeEach(async () => {
      UserPoolId = await createPool(server())
      server().documents.asked()
    })
    const createOf = (ProviderType: ProviderType, ProviderDetails: Details, name: string = ProviderType) =>
      create(UserPoolId, name, { ProviderType, ProviderDetails })
    const saml = (details: Details) => createOf('SAML', details, 'Saml')
    const oidc = (details: Details) => createOf('OIDC', details, 'Oidc')

    /** What AWS's comment on ProviderDetails shows for each kind: the request, and what Describe adds. */
    const kinds: readonly [ProviderType, Details, Details, Details][] = [
      [
        'Google',
        socialDetails,
        {
          attributes_url: 'https://people.googleapis.com/v1/people/me?personFields=',
          attributes_url_add_attributes: 'true',
          authorize_url: 'https://accounts.google.com/o/oauth2/v2/auth',
          oidc_issuer: 'https://accounts.google.com',
          token_request_method: 'POST',
          token_url: 'https://www.googleapis.com/oauth2/v4/token',
        },
        { username: 'sub' },
      ],
      [
        'LoginWithAmazon',
        socialDetails,
        {
          attributes_url: 'https://api.amazon.com/user/profile',
          attributes_url_add_attributes: 'false',
          authorize_url: 'https://www.amazon.com/ap/oa',
          token_request_method: 'POST',
          token_url: 'https://api.amazon.com/auth/o2/token',
        },
        { username: 'user_id' },
      ],
      [
        'Facebook',
        { ...socialDetails, api_version: 'v19.0' },
        {
          attributes_url: 'https://graph.facebook.com/v19.0/me?fields=',
          attributes_url_add_attributes: 'true',
          authorize_url: 'https://www.facebook.com/v19.0/dialog/oauth',
          token_request_method: 'GET',
          token_url: 'https://graph.facebook.com/v19.0/oauth/access_token',
        },
        { username: 'id' },
      ],
      ['OIDC', oidcDetails, { ...endpoints, attributes_url_add_attributes: 'false' }, { username: 'sub' }],
    ]
    for (const [type, given, added, AttributeMapping] of kinds) {
      test(`${type}: shows what was said and what the service adds`, async () => {
        server().clock.now += 1000
        const name = type === 'OIDC' ? 'Oidc' : type
        const provider = await createOf(type, given, name)
        const at = new Date(server().clock.now)
        assert.deepEqual(provider, {
          UserPoolId,
          ProviderName: name,
          ProviderType: type,
          ProviderDetails: { ...given, ...added },
          AttributeMapping,
          IdpIdentifiers: [],
          CreationDate: at,
          LastModifiedDate: at,
        })
        assert.deepEqual(await show(UserPoolId, name), provider)
      })
    }

    test('SignInWithApple: the private key goes in and never comes out', async () => {
      const { private_key, ...shown } = appleDetails
      const provider = await createOf('SignInWithApple', appleDetails)
      assert.deepEqual(provider?.ProviderDetails, {
        ...shown,
        attributes_url_add_attributes: 'false',
        authorize_url: 'https://appleid.apple.com/auth/authorize',
        oidc_issuer: 'https://appleid.apple.com',
        token_request_method: 'POST',
        token_url: 'https://appleid.apple.com/auth/token',
      })
      assert.deepEqual(await show(UserPoolId, 'SignInWithApple'), provider)
      assert.doesNotMatch(text(provider), new RegExp(private_key))
    })

    test('SAML: shows what the metadata says, from a URL or from a file', async () => {
      const flags = { IDPInit: 'true', IDPSignout: 'true', EncryptedResponses: 'true' }
      const given = { ...flags, RequestSigningAlgorithm: 'rsa-sha256' }
      const found = {
        SSORedirectBindingURI: 'https://idp.example.com/sso',
        SLORedirectBindingURI: 'https://idp.example.com/slo?a=1&b=2',
      }
      const byUrl = await saml({ ...given, MetadataURL: metadataUrl })
      assert.deepEqual(server().documents.asked(), [metadataUrl])
      const { ActiveEncryptionCertificate = '', ...shown } = byUrl?.ProviderDetails ?? {}
      assert.deepEqual(shown, { ...given, ...found, MetadataURL: metadataUrl })
      assert.match(ActiveEncryptionCertificate, /^MII[A-Za-z0-9+/]+={0,2}$/)
      assert.deepEqual([byUrl?.AttributeMapping, byUrl?.IdpIdentifiers], [{}, []])
      assert.deepEqual(await show(UserPoolId, 'Saml'), byUrl)

      const byFile = await createOf('SAML', { MetadataFile: metadata }, 'SamlFile')
      assert.deepEqual(byFile?.ProviderDetails, {
        ...found,
        ActiveEncryptionCertificate,
        MetadataFile: metadata,
      })
      assert.deepEqual(server().documents.asked(), [])
      const stored = await server().app.store.identityProviders.find(UserPoolId as PoolId, 'SamlFile')
      assert.equal(stored?.saml?.entityId, 'https://idp.example.com/entity')
      assert.equal(stored?.saml?.certificates.length, 1)
    })

    test('SAML: nobody sets what the service finds out', async () => {
      const provider = await saml({
        MetadataFile: metadata,
        SSORedirectBindingURI: 'https://evil.example.com',
        ActiveEncryptionCertificate: 'mine',
      })
      assert.equal(provider?.ProviderDetails?.SSORedirectBindingURI, 'https://idp.example.com/sso')
      assert.match(provider?.ProviderDetails?.ActiveEncryptionCertificate ?? '', /^MII/)
    })

    test('keeps secrets sealed', async () => {
      await createOf('Google', socialDetails)
      await createOf('SignInWithApple', appleDetails)
      for (const name of ['Google', 'SignInWithApple']) {
        const row = text(await server().app.store.identityProviders.find(UserPoolId as PoolId, name))
        assert.doesNotMatch(row, /the-secret|the-private-key/)
        assert.match(row, /sealedSecrets/)
      }
    })

    test('OIDC: asks for the discovery document once, and for none where all endpoints are named', async () => {
      await oidc({ ...oidcDetails, oidc_issuer: `${oidcDetails.oidc_issuer}/` })
      assert.deepEqual(server().documents.asked(), [discoveryUrl])
      const own = { ...endpoints, token_url: 'https://own.example.com/token' }
      const named = await createOf('OIDC', { ...oidcDetails, ...own }, 'Named')
      assert.deepEqual(server().documents.asked(), [])
      assert.equal(named?.ProviderDetails?.token_url, own.token_url)
      const { jwks_uri: _, ...some } = own
      const mixed = await createOf('OIDC', { ...oidcDetails, ...some }, 'Mixed')
      assert.deepEqual(mixed?.ProviderDetails, {
        ...oidcDetails,
        ...own,
        attributes_url_add_attributes: 'false',
      })
    })

    test('OIDC: a client secret is not a must, and neither is a userinfo endpoint', async () => {
      const oidc_issuer = 'http://localhost:8080'
      const { userinfo_endpoint: _, ...document } = discovery
      server().documents.put(`${oidc_issuer}/.well-known/openid-configuration`, text(document))
      const { client_secret: __, ...details } = oidcDetails
      const provider = await oidc({ ...details, oidc_issuer })
      assert.equal(provider?.ProviderDetails?.attributes_url, undefined)
      assert.equal(provider?.ProviderDetails?.client_secret, undefined)
    })

    test('mappings, identifiers and levels are shown as they were said', async () => {
      const AttributeMapping = { email: 'mail', username: 'upn', 'custom:dept': 'urn:dept' }
      const AcrMapping = { Level1: 'urn:low', Level4: 'urn:high' }
      const pool = await createPool(server(), {
        Schema: [{ Name: 'dept', AttributeDataType: 'String', Mutable: true }],
      })
      const provider = await create(pool, 'Oidc', {
        ProviderType: 'OIDC',
        ProviderDetails: oidcDetails,
        AttributeMapping,
        AcrMapping,
        IdpIdentifiers: ['example.com', 'My IdP', 'example.com'],
      })
      assert.deepEqual(provider?.AttributeMapping, AttributeMapping)
      assert.deepEqual(provider?.AcrMapping, AcrMapping)
      assert.deepEqual(provider?.IdpIdentifiers, ['example.com', 'My IdP'])
    })

    test('refuses a name that the pool has, also of several at once', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 5 }, () => createOf('Google', socialDetails)),
      )
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 4)
      for (const { reason } of losers)
        refusal('DuplicateProviderException', `Google already exists in user pool ${UserPoolId}`)(reason)
    })

    test('refuses an identifier that leads to another provider', async () => {
      await create(UserPoolId, 'Google', { IdpIdentifiers: ['example.com'] })
      const input = { ProviderType: 'Facebook' as const, IdpIdentifiers: ['other.com', 'example.com'] }
      await assert.rejects(
        create(UserPoolId, 'Facebook', input),
        wrong('The identifier example.com belongs to another identity provider.'),
      )
      await create(await createPool(server()), 'Facebook', input)
    })

    test('stops at three hundred in a pool, also when several are created at once', async () => {
      await server().app.store.transaction(async ({ identityProviders }) => {
        const now = server().clock.now
        for (let count = 0; count < mostProviders - 1; count += 1) {
          await identityProviders.create({
            poolId: UserPoolId as PoolId,
            name: `provider-${count}`,
            type: 'OIDC',
            createdAt: now,
            modifiedAt: now,
            version: 1,
            details: {},
            mapping: {},
            identifiers: [],
          })
        }
      })
      const outcomes = await Promise.allSettled([
        createOf('Google', socialDetails),
        createOf('Facebook', socialDetails),
        createOf('LoginWithAmazon', socialDetails),
      ])
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.equal(losers.length, 2)
      const full = refusal(
        'LimitExceededException',
        'The limit of 300 identity providers in a user pool has been reached.',
      )
      for (const { reason } of losers) full(reason)
    })

    const social = 'clientId, clientSecret and authorizeScopes are all required idp details.'
    const open =
      'clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details.'
    const apple = 'clientId, privateKey, teamId, and keyId are all required idp details.'
    const all: readonly [ProviderType, string, Details, string[], string][] = [
      ['Google', 'Google', socialDetails, Object.keys(socialDetails), social],
      ['Facebook', 'Facebook', socialDetails, ['client_secret'], social],
      ['LoginWithAmazon', 'LoginWithAmazon', socialDetails, ['authorize_scopes'], social],
      ['SignInWithApple', 'SignInWithApple', appleDetails, Object.keys(appleDetails), apple],
      [
        'OIDC',
        'Oidc',
        oidcDetails,
        Object.keys(oidcDetails).filter((name) => name !== 'client_secret'),
        open,
      ],
    ]
    for (const [type, name, details, required, refused] of all) {
      test(`${type}: refuses details without ${required.join(', ')}`, async () => {
        for (const missing of required) {
          for (const rest of [
            Object.fromEntries(Object.entries(details).filter(([key]) => key !== missing)),
            { ...details, [missing]: '' },
          ])
            await assert.rejects(createOf(type, rest, name), wrong(refused), missing)
        }
      })
    }

    const cases: readonly [string, () => Promise<unknown>, string][] = [
      [
        'a social one under another name',
        () => createOf('Google', socialDetails, 'Goggle'),
        'Provider Goggle cannot be of type Google.',
      ],
      [
        'the name of a social one',
        () => createOf('OIDC', oidcDetails, 'Google'),
        'Provider Google cannot be of type OIDC.',
      ],
      [
        'the name of the pool itself',
        () => createOf('OIDC', oidcDetails, 'COGNITO'),
        'Provider COGNITO cannot be of type OIDC.',
      ],
      [
        'a name that cannot be stored',
        () => createOf('OIDC', oidcDetails, 'a-\0b'),
        'ProviderName has a character that cannot be stored.',
      ],
      [
        'a version of Facebook that is none',
        () => createOf('Facebook', { ...socialDetails, api_version: 'v1/../..' }),
        'api_version must have the form v17.0.',
      ],
      ['no metadata', () => saml({}), 'At least one of the MetadataURL or MetadataFile should be provided.'],
      [
        'metadata twice',
        () => saml({ MetadataURL: metadataUrl, MetadataFile: metadata }),
        'Only one of the MetadataURL or MetadataFile should be provided.',
      ],
      [
        'metadata in the clear',
        () => saml({ MetadataURL: 'http://idp.example.com/' }),
        'MetadataURL must start with https://',
      ],
      [
        'a flag that is none',
        () => saml({ MetadataURL: metadataUrl, IDPInit: 'yes' }),
        'IDPInit must be true or false.',
      ],
      [
        'an algorithm that is none',
        () => saml({ MetadataURL: metadataUrl, RequestSigningAlgorithm: 'rsa-sha1' }),
        'RequestSigningAlgorithm must be rsa-sha256.',
      ],
      [
        'metadata that is nowhere',
        () => saml({ MetadataURL: 'https://no.example.com/' }),
        'Unable to contact remote metadata source https://no.example.com/',
      ],
      ['metadata that are none', () => saml({ MetadataFile: '<html/>' }), 'Unable to unmarshall metadata'],
      [
        'an issuer in the clear',
        () => oidc({ ...oidcDetails, oidc_issuer: 'http://id.example.com' }),
        'OIDC endpoint must start with https://',
      ],
      [
        'an endpoint in the clear',
        () => oidc({ ...oidcDetails, token_url: 'ftp://id.example.com' }),
        'OIDC endpoint must start with https://',
      ],
      [
        'an issuer that is nowhere',
        () => oidc({ ...oidcDetails, oidc_issuer: 'https://no.example.com' }),
        'Unable to contact well-known endpoint',
      ],
      [
        'another method',
        () => oidc({ ...oidcDetails, attributes_request_method: 'PUT' }),
        "1 validation error detected: Value 'PUT' at 'attributesRequestMethod' failed to satisfy constraint: Member must satisfy enum value set: [POST, GET]",
      ],
    ]
    for (const [what, attempt, refused] of cases) {
      test(`refuses ${what}`, () => assert.rejects(attempt(), wrong(refused)))
    }

    test('refuses what a provider answers and does not help', async () => {
      const documents: readonly [string | { status: number; body: string }, string][] = [
        [{ status: 404, body: text(discovery) }, 'Unable to contact well-known endpoint'],
        ['<html>', 'Unable to contact well-known endpoint'],
        ['null', 'Unable to contact well-known endpoint'],
        ['[]', 'The well-known endpoint does not tell authorize_url.'],
        [text({ ...discovery, jwks_uri: 7 }), 'The well-known endpoint does not tell jwks_uri.'],
        [
          text({ ...discovery, token_endpoint: 'http://id.example.com' }),
          'OIDC endpoint must start with https://',
        ],
      ]
      const oidc_issuer = 'https://strange.example.com'
      for (const [document, refused] of documents) {
        server().documents.put(`${oidc_issuer}/.well-known/openid-configuration`, document)
        await assert.rejects(oidc({ ...oidcDetails, oidc_issuer }), wrong(refused))
      }
      server().documents.put('https://gone.example.com/', { status: 404, body: metadata })
      await assert.rejects(
        saml({ MetadataURL: 'https://gone.example.com/' }),
        wrong('Non-ok status code 404 returned from remote metadata source https://gone.example.com/'),
      )
    })

    test('refuses mappings of attributes that are not the pool’s to fill', async () => {
      const mapped = (AttributeMapping: Details) => create(UserPoolId, 'Google', { AttributeMapping })
      const unknown = wrong('AttributeMapping contains invalid mapping: [custom:foo, sub, identities]')
      await assert.rejects(
        mapped({ email: 'email', 'custom:foo': 'foo', sub: 'sub', identities: 'identities' }),
        unknown,
      )
      const pool = await createPool(server(), {
        Schema: ['email', 'given_name'].map((Name) => ({ Name, Required: true, Mutable: true })),
      })
      const missing = (names: string) =>
        wrong(`The attribute mapping is missing required attributes [${names}]`)
      await assert.rejects(create(pool, 'Google'), missing('given_name, email'))
      await assert.rejects(
        create(pool, 'Google', { AttributeMapping: { email: 'email' } }),
        missing('given_name'),
      )
      await create(pool, 'Google', { AttributeMapping: { email: 'email', given_name: 'given_name' } })
    })

    test('refuses levels that are none, or not of an OIDC provider', async () => {
      const levels = (AcrMapping: Details, over: Partial<CreateIdentityProviderCommandInput> = {}) =>
        create(UserPoolId, 'Oidc', {
          ProviderType: 'OIDC',
          ProviderDetails: oidcDetails,
          AcrMapping,
          ...over,
        })
      await assert.rejects(
        create(UserPoolId, 'Google', { AcrMapping: { Level1: 'one' } }),
        wrong('Invalid AcrMapping. Only OIDC identity providers support ACR mapping.'),
      )
      for (const [mapping, refused] of [
        [{ Level5: 'five' }, 'Level5 is not one of Level1, Level2, Level3 and Level4.'],
        [{ Level1: '' }, 'Level1 must have a value.'],
        [{ Level1: 'one', Level2: 'one' }, 'Each level must have a value of its own.'],
      ] as const)
        await assert.rejects(levels(mapping), wrong(`Invalid AcrMapping. ${refused}`))
    })

    test('a refusal leaves nothing behind', async () => {
      const { list } = providersAt(server)
      await assert.rejects(saml({ MetadataFile: '<html/>' }))
      assert.deepEqual((await list(UserPoolId)).Providers, [])
      assert.deepEqual(await server().sent(), [])
    })

    poolMustExist(server, (UserPoolId) => create(UserPoolId, 'Google'))
  })
})
