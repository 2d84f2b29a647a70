/**
 * Sign-in at a certified OpenID Connect provider, in a real browser, with a server of its own in the middle: from the app to
 * the provider's form, back to the app with a code, and on to tokens. A function in a file has its say on the way.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  AdminGetUserCommand,
  CreateIdentityProviderCommand,
  CreateUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'
import { onEachService, type Place } from '../clients/service.ts'
import { attributesIn, createClient, createPool } from '../fixtures.ts'
import { root } from '../server-process.ts'
import { functionArnOf } from '../trigger-functions.ts'
import { type Running, startBrowser } from './browser.ts'

const secret = 'a-secret-of-the-providers-own'

async function listening(listener?: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://localhost:${(server.address() as AddressInfo).port}` }
}

/** Everybody has an account there, whatever the password. */
async function startProvider(redirectUri: string): Promise<{ server: Server; issuer: string }> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const { server, url: issuer } = await listening()
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
      let app: { server: Server; url: string }
      let provider: { server: Server; issuer: string }
      let place: Place
      let callback: string
      before(async () => {
        browser = await startBrowser()
        app = await listening((_, response) =>
          response.setHeader('content-type', 'text/html').end('<title>The app</title>Welcome back.'),
        )
        callback = `${app.url}/back`
        provider = await startProvider(
          `${service().url.replace('127.0.0.1', 'localhost')}/oauth2/idpresponse`,
        )
        const UserPoolId = await createPool(service(), {
          LambdaConfig: {
            InboundFederation: { LambdaVersion: 'V1_0', LambdaArn: functionArnOf('inbound-federation') },
          },
          Schema: [{ Name: 'team', AttributeDataType: 'String', Mutable: true }],
        })
        const Domain = UserPoolId.toLowerCase().replace(/[^a-z0-9]+/g, '-')
        await service().client.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain }))
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
          CallbackURLs: [callback],
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
          redirect_uri: callback,
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
        await tab.waitForURL(`${callback}**`)
        return new URL(tab.url())
      }

      test('from the app by way of the provider to tokens', async () => {
        const back = await signIn('ada')
        assert.equal(back.searchParams.get('state'), 'of the app')
        const response = await fetch(`${service().url}/oauth2/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'authorization_code',
            client_id: place.ClientId,
            redirect_uri: callback,
            code: back.searchParams.get('code') ?? '',
          }),
        })
        const tokens = (await response.json()) as Record<string, string>
        const { id, access } = await service().verified(place, {
          AccessToken: tokens.access_token,
          IdToken: tokens.id_token,
        })
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
