/**
 * Sign-in at a certified OpenID Connect provider, in a real browser, with a server of its own in the middle: from the app to
 * the provider's form, back to the app with a code, and on to tokens. A function in a file has its say on the way.
 */
import assert from 'node:assert/strict'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AdminGetUserCommand, CreateIdentityProviderCommand } from '@aws-sdk/client-cognito-identity-provider'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'
import { onEachService, type Place } from '../clients/service.ts'
import { attributesIn, createClient, createPool } from '../fixtures.ts'
import { giveDomain } from '../identity-provider.ts'
import { root } from '../server-process.ts'
import { functionArnOf } from '../trigger-functions.ts'
import { claimsOf, listening, startApp } from './app.ts'
import { type Running, startBrowser } from './browser.ts'

const secret = 'a-secret-of-the-providers-own'

/** Everybody has an account there, whatever the password. */
async function startProvider(redirectUri: string): Promise<{ server: Server; issuer: string }> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const { server, port } = await listening()
  const issuer = `http://localhost:${port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'cognate',
        client_secret: secret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => ({
        sub: accountId,
        email: `${accountId}@${accountId === 'mallory' ? 'example.org' : 'example.com'}`,
        email_verified: true,
        name: 'Ada Lovelace',
        groups: ['math', 'poetry'],
      }),
    }),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'one', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['signs the cookies of this provider'] },
  })
  server.on('request', provider.callback())
  return { server, issuer }
}

describe('sign-in at a provider, in a browser', () => {
  onEachService(
    (service) => {
      let browser: Running
      let app: Awaited<ReturnType<typeof startApp>>
      let provider: { server: Server; issuer: string }
      let place: Place
      before(async () => {
        browser = await startBrowser()
        app = await startApp()
        provider = await startProvider(
          `${service().url.replace('127.0.0.1', 'localhost')}/oauth2/idpresponse`,
        )
        const UserPoolId = await createPool(service(), {
          LambdaConfig: {
            InboundFederation: { LambdaVersion: 'V1_0', LambdaArn: functionArnOf('inbound-federation') },
          },
          Schema: [{ Name: 'team', AttributeDataType: 'String', Mutable: true }],
        })
        await giveDomain(service(), UserPoolId)
        await service().client.send(
          new CreateIdentityProviderCommand({
            UserPoolId,
            ProviderName: 'House',
            ProviderType: 'OIDC',
            ProviderDetails: {
              client_id: 'cognate',
              client_secret: secret,
              authorize_scopes: 'openid email profile',
              oidc_issuer: provider.issuer,
              attributes_request_method: 'GET',
            },
            AttributeMapping: {
              email: 'email',
              email_verified: 'email_verified',
              name: 'name',
              'custom:team': 'team',
            },
          }),
        )
        const { ClientId } = await createClient(service(), UserPoolId, {
          AllowedOAuthFlowsUserPoolClient: true,
          AllowedOAuthFlows: ['code'],
          AllowedOAuthScopes: ['openid', 'email'],
          CallbackURLs: [app.callback],
          SupportedIdentityProviders: ['COGNITO', 'House'],
        })
        place = { UserPoolId, ClientId }
      })
      after(async () => {
        await browser?.close()
        for (const running of [app, provider]) running?.server.close()
      })

      /** Signs in as somebody, as a person would, and returns where the browser ends up. */
      async function signIn(name: string): Promise<URL> {
        const { tab } = await browser.open('localhost')
        const query = new URLSearchParams({
          client_id: place.ClientId,
          redirect_uri: app.callback,
          response_type: 'code',
          scope: 'openid email',
          state: 'of the app',
        })
        await tab.goto(`${service().url}/oauth2/authorize?${query}`)
        await tab.getByText('Continue with House').click()
        await tab.getByPlaceholder('Enter any login').fill(name)
        await tab.getByPlaceholder('and password').fill('whatever')
        await tab.getByRole('button').click()
        await tab.getByRole('button', { name: 'Continue' }).click()
        await tab.waitForURL(`${app.callback}**`)
        return new URL(tab.url())
      }

      test('from the app by way of the provider to tokens', async () => {
        const back = await signIn('ada')
        assert.equal(back.searchParams.get('state'), 'of the app')
        const { id, access } = await claimsOf(service(), place, app.callback, back)
        assert.equal(access.username, 'House_ada')
        assert.equal(id.email, 'ada@example.com')
        assert.equal(id.email_verified, true)
        const user = await service().client.send(
          new AdminGetUserCommand({ UserPoolId: place.UserPoolId, Username: 'House_ada' }),
        )
        const { sub: _, identities: __, ...attributes } = attributesIn(user.UserAttributes)
        assert.deepEqual(attributes, {
          email: 'ada@example.com',
          email_verified: 'true',
          name: 'Ada Lovelace',
          'custom:team': 'math',
        })
      })

      test('whom the function turns away comes back to the app with its words', async () => {
        const back = await signIn('mallory')
        assert.deepEqual(Object.fromEntries(back.searchParams), {
          error_description: 'InboundFederation failed with error Only example.com may come in. ',
          state: 'of the app',
          error: 'invalid_request',
        })
      })
    },
    ['sqlite', 'postgres'],
    ['--triggers', join(root, 'test/triggers')],
  )
})
