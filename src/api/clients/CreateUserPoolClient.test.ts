import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  CreateResourceServerCommand,
  type CreateUserPoolClientCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { defaults, everySetting, makeClient, ownSecret, showClient } from '../../../test/clients.ts'
import { documentedInput } from '../../../test/documented.ts'
import { createPool, refusal } from '../../../test/fixtures.ts'
import { onEachStore } from '../../../test/harness.ts'
import { invalid, unsaid } from '../../../test/pools.ts'
import { appleDetails, endpoints, oidcDetails, providersAt } from '../../../test/providers.ts'
import { clientRules } from '../../../test/suites/client-rules.ts'
import { poolMustExist } from '../../../test/suites/subjects.ts'
import operation from './CreateUserPoolClient.ts'

describe('CreateUserPoolClient', () => {
  onEachStore((server) => {
    const providers = providersAt(server)
    let UserPoolId: string
    before(async () => {
      UserPoolId = await createPool(server(), { DcrConfiguration: { EnableStatus: 'Enabled' } })
    })
    const create = (input: Partial<CreateUserPoolClientCommandInput> = {}, pool = UserPoolId) =>
      makeClient(server(), pool, input)
    const own = (client: { ClientId: string }) => ({
      UserPoolId,
      ClientId: client.ClientId,
      ClientName: 'the client',
      CreationDate: new Date(server().clock.now),
      LastModifiedDate: new Date(server().clock.now),
    })

    test('a name is enough, and the rest is shown', async () => {
      const client = await create()
      assert.match(client.ClientId, /^[0-9a-z]{26}$/)
      assert.deepEqual(client, { ...defaults, ...own(client) })
      assert.deepEqual(await showClient(server(), UserPoolId, client.ClientId), client)
    })

    test('everything that can be said is shown as it was said', async () => {
      const sent = { ...everySetting, ClientName: 'the client', ClientSecret: ownSecret }
      assert.deepEqual(unsaid(operation.input, { UserPoolId, ...sent }), [
        'GenerateSecret',
        'AnalyticsConfiguration.ApplicationArn',
      ])
      const client = await create(sent)
      assert.deepEqual(client, { ...sent, ...own(client), ClientType: 'REGULAR' })
      assert.deepEqual(await showClient(server(), UserPoolId, client.ClientId), client)
    })

    test('the request of AWS’s documentation is shown as it was sent', async () => {
      const { GenerateSecret, ...settings } = {
        ...documentedInput<CreateUserPoolClientCommandInput>('CreateUserPoolClient'),
        UserPoolId,
      }
      await providers.create(UserPoolId, 'SignInWithApple', {
        ProviderType: 'SignInWithApple',
        ProviderDetails: appleDetails,
      })
      await providers.create(UserPoolId, 'MySSO', {
        ProviderType: 'OIDC',
        ProviderDetails: { ...oidcDetails, ...endpoints },
      })
      assert.deepEqual(settings.SupportedIdentityProviders, ['SignInWithApple', 'MySSO'])
      assert.partialDeepStrictEqual(await create({ GenerateSecret, ...settings }), settings)
    })

    test('a secret is made when one is asked for', async () => {
      const [one, other] = [await create({ GenerateSecret: true }), await create({ GenerateSecret: true })]
      assert.match(one.ClientSecret ?? '', /^[0-9a-z]{52}$/)
      assert.notEqual(one.ClientSecret, other.ClientSecret)
      assert.deepEqual(one, { ...defaults, ...own(one), ClientSecret: one.ClientSecret })
      assert.deepEqual(await showClient(server(), UserPoolId, one.ClientId), one)
      assert.equal((await create({ GenerateSecret: false })).ClientSecret, undefined)
      assert.equal((await create({ GenerateSecret: false, ClientSecret: ownSecret })).ClientSecret, ownSecret)
    })

    test('a secret is not made when one is given', () =>
      assert.rejects(
        create({ GenerateSecret: true, ClientSecret: ownSecret }),
        invalid('You cannot specify both GenerateSecret as true and a ClientSecret value.'),
      ))

    test('a secret is never in a refusal', () =>
      assert.rejects(
        create({ ClientSecret: 'too short' }),
        invalid(
          [
            "2 validation errors detected: Value at 'clientSecret' failed to satisfy constraint: Member must have length greater than or equal to 24",
            "Value at 'clientSecret' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+]+",
          ].join('; '),
        ),
      ))

    const machine = {
      GenerateSecret: true,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['client_credentials' as const],
    }
    test('machines have a secret and scopes of their own', async () => {
      const AllowedOAuthScopes = ['aws.cognito/dcr/register']
      const client = await create({ ...machine, AllowedOAuthScopes })
      assert.deepEqual(client.AllowedOAuthScopes, AllowedOAuthScopes)
      await assert.rejects(
        create({ ...machine, AllowedOAuthScopes: ['aws.cognito/dcr/register', 'openid'] }),
        refusal('InvalidOAuthFlowException', 'openid is not supported with client_credentials flow'),
      )
    })

    test('the scopes of resource servers, up to fifty of all', async () => {
      const names = Array.from({ length: 50 }, (_, index) => `scope-${index}`)
      const Scopes = names.map((ScopeName) => ({ ScopeName, ScopeDescription: 'x' }))
      for (const Identifier of ['https://example.com/api', 'shop']) {
        await server().client.send(
          new CreateResourceServerCommand({ UserPoolId, Identifier, Name: 'the server', Scopes }),
        )
      }
      const AllowedOAuthScopes = names.map((name) => `https://example.com/api/${name}`)
      const client = await create({ ...machine, AllowedOAuthScopes })
      assert.deepEqual(client.AllowedOAuthScopes, AllowedOAuthScopes)
      await create({ AllowedOAuthScopes: ['openid', 'shop/scope-0', 'https://example.com/api/scope-1'] })
      for (const wrong of [
        'shop/scope-50',
        'shop/',
        'shop',
        '/shop/scope-0',
        'api/scope-0',
        'Shop/scope-0',
      ]) {
        await assert.rejects(
          create({ ...machine, AllowedOAuthScopes: ['shop/scope-0', wrong] }),
          refusal('ScopeDoesNotExistException', `Invalid scope requested: ${wrong}`),
        )
      }
      await assert.rejects(create({ AllowedOAuthScopes: [...AllowedOAuthScopes, 'openid'] }), {
        name: 'InvalidParameterException',
        message: /Member must have length less than or equal to 50$/,
      })
      const elsewhere = await createPool(server())
      await assert.rejects(
        create({ AllowedOAuthScopes: ['shop/scope-0'] }, elsewhere),
        refusal('ScopeDoesNotExistException', 'Invalid scope requested: shop/scope-0'),
      )
    })

    test('what a pool requires of its users can be written', async () => {
      const strict = await createPool(server(), {
        Schema: [
          { Name: 'email', Required: true, Mutable: true },
          { Name: 'team', AttributeDataType: 'String' },
        ],
      })
      await assert.rejects(
        create({ WriteAttributes: ['name'] }, strict),
        invalid('Invalid write attributes specified while creating a client'),
      )
      const permissions = { ReadAttributes: ['custom:team'], WriteAttributes: ['email', 'custom:team'] }
      assert.partialDeepStrictEqual(await create(permissions, strict), permissions)
    })

    clientRules(async (settings, UserPoolTier) =>
      create(settings, UserPoolTier && (await createPool(server(), { UserPoolTier }))),
    )

    poolMustExist(server, (pool) => create({}, pool))
  })
})
