import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import type { UpdateIdentityProviderCommandInput } from '@aws-sdk/client-cognito-identity-provider'
import { createPool } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import {
  appleDetails,
  discovery,
  discoveryUrl,
  noProvider,
  oidcDetails,
  providersAt,
  socialDetails,
  wrong,
} from '../../../test/providers.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'

describe('UpdateIdentityProvider', () => {
  onEachStore((server) => {
    const { create, update, show } = providersAt(server)
    let UserPoolId: string
    before(() => server().documents.put(discoveryUrl, JSON.stringify(discovery)))
    beforeEach(async () => {
      UserPoolId = await createPool(server())
    })
    const createOidc = () =>
      create(UserPoolId, 'Oidc', {
        ProviderType: 'OIDC',
        ProviderDetails: oidcDetails,
        AttributeMapping: { email: 'email' },
        IdpIdentifiers: ['example.com'],
        AcrMapping: { Level1: 'one' },
      })

    test('replaces what it names and keeps the rest', async () => {
      await createOidc()
      server().documents.asked()
      for (const change of [
        {},
        { AttributeMapping: { email: 'mail', username: 'upn' } },
        { IdpIdentifiers: ['example.org', 'example.com'] },
        { IdpIdentifiers: [] },
        { AcrMapping: { Level2: 'two' } },
      ]) {
        server().clock.now += 1000
        const standing = await show(UserPoolId, 'Oidc')
        const after = { ...standing, ...change, LastModifiedDate: new Date(server().clock.now) }
        assert.deepEqual(await update(UserPoolId, 'Oidc', change), after)
        assert.deepEqual(await show(UserPoolId, 'Oidc'), after)
      }
      assert.deepEqual(server().documents.asked(), [])
    })

    test('gives a mapping its username back', async () => {
      await createOidc()
      const updated = await update(UserPoolId, 'Oidc', { AttributeMapping: { name: 'name' } })
      assert.deepEqual(updated?.AttributeMapping, { name: 'name', username: 'sub' })
    })

    test('details are replaced as a whole, and what they point at is read again', async () => {
      const created = await createOidc()
      server().documents.asked()
      const moved = { ...discovery, jwks_uri: 'https://id.example.com/keys' }
      server().documents.put(discoveryUrl, JSON.stringify(moved))
      const { client_secret: _, ...ProviderDetails } = { ...oidcDetails, authorize_scopes: 'openid' }
      const updated = await update(UserPoolId, 'Oidc', { ProviderDetails })
      const { client_secret: __, ...before } = created?.ProviderDetails ?? {}
      assert.deepEqual(updated?.ProviderDetails, {
        ...before,
        authorize_scopes: 'openid',
        jwks_uri: moved.jwks_uri,
      })
      assert.deepEqual(server().documents.asked(), [discoveryUrl])
      server().documents.put(discoveryUrl, JSON.stringify(discovery))
    })

    test('what Describe shows may be sent back', async () => {
      await create(UserPoolId, 'Facebook', { ProviderType: 'Facebook' })
      const standing = await show(UserPoolId, 'Facebook')
      const updated = await update(UserPoolId, 'Facebook', {
        ProviderDetails: standing?.ProviderDetails ?? {},
      })
      assert.deepEqual(updated, standing)
    })

    test('obeys the rules of creation', async () => {
      await create(UserPoolId, 'Google', { IdpIdentifiers: ['example.com'] })
      await create(UserPoolId, 'SignInWithApple', {
        ProviderType: 'SignInWithApple',
        ProviderDetails: appleDetails,
      })
      const { client_secret: _, ...lacking } = socialDetails
      const { private_key: __, ...keyless } = appleDetails
      const cases: readonly [string, Partial<UpdateIdentityProviderCommandInput>, string][] = [
        [
          'Google',
          { ProviderDetails: {} },
          'clientId, clientSecret and authorizeScopes are all required idp details.',
        ],
        [
          'Google',
          { ProviderDetails: lacking },
          'clientId, clientSecret and authorizeScopes are all required idp details.',
        ],
        [
          'SignInWithApple',
          { ProviderDetails: keyless },
          'clientId, privateKey, teamId, and keyId are all required idp details.',
        ],
        ['Google', { AttributeMapping: { foo: 'foo' } }, 'AttributeMapping contains invalid mapping: [foo]'],
        [
          'Google',
          { AcrMapping: { Level1: 'one' } },
          'Invalid AcrMapping. Only OIDC identity providers support ACR mapping.',
        ],
        [
          'SignInWithApple',
          { IdpIdentifiers: ['example.com'] },
          'The identifier example.com belongs to another identity provider.',
        ],
      ]
      for (const [name, change, refused] of cases) {
        const before = await show(UserPoolId, name)
        await assert.rejects(update(UserPoolId, name, change), wrong(refused))
        assert.deepEqual(await show(UserPoolId, name), before)
      }
    })

    test('of several at once each is done', async () => {
      await create(UserPoolId, 'Google')
      const names = Array.from({ length: 8 }, (_, index) => `id-${index}`)
      const outcomes = await Promise.all(
        names.map((name) => update(UserPoolId, 'Google', { IdpIdentifiers: [name] })),
      )
      assert.deepEqual(
        outcomes.map((provider) => provider?.IdpIdentifiers),
        names.map((name) => [name]),
      )
    })

    test('refuses a provider that is not there', () =>
      assert.rejects(update(UserPoolId, 'Google'), noProvider('Google')))

    poolMustExist(server, (UserPoolId) => update(UserPoolId, 'Google'))
  })
})
