/**
 * Sign-in at a SAML provider, in a real browser, with a server of its own in the middle. The provider is another site, whose
 * form a browser sends without our cookie over plain HTTP: the page that sends it once more is what is tried here.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import {
  CreateIdentityProviderCommand,
  CreateUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { onEachService, type Place } from '../clients/service.ts'
import { createClient, createPool } from '../fixtures.ts'
import { samlDocument, samlKey, samlService } from '../providers.ts'
import { corp, entityId, newSigner, requestSeen, responseOf, type Signer, signed } from '../saml-provider.ts'
import { type Running, startBrowser } from './browser.ts'

async function listening(listener: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

/** Everybody who comes is Ada, and is sent on by a form that a button sends. */
const providerOf =
  (signer: Signer, poolId: () => string): RequestListener =>
  (message, response) => {
    const { xml, id, relayState } = requestSeen(new URL(message.url ?? '', 'http://127.0.0.1'))
    const to = / AssertionConsumerServiceURL="([^"]+)"/.exec(xml)?.[1] ?? ''
    const said = { now: Date.now(), poolId: poolId(), requestId: id, destination: to, recipient: to }
    const answer = Buffer.from(signed(responseOf(said), 'Assertion', signer)).toString('base64')
    response.setHeader('content-type', 'text/html').end(
      `<form method="post" action="${to}">
       <input type="hidden" name="SAMLResponse" value="${answer}">
       <input type="hidden" name="RelayState" value="${relayState}">
       <button>I am Ada</button>
     </form>`,
    )
  }

describe('sign-in at a SAML provider, in a browser', () => {
  onEachService(
    (service) => {
      let browser: Running
      let app: { server: Server; port: number }
      let provider: { server: Server; port: number }
      let place: Place
      let callback: string
      before(async () => {
        browser = await startBrowser()
        app = await listening((_, response) =>
          response.setHeader('content-type', 'text/html').end('<title>The app</title>Welcome back.'),
        )
        callback = `http://localhost:${app.port}/back`
        const signer = await newSigner()
        provider = await listening(providerOf(signer, () => place.UserPoolId))
        const UserPoolId = await createPool(service())
        const Domain = UserPoolId.toLowerCase().replace(/[^a-z0-9]+/g, '-')
        await service().client.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain }))
        const MetadataFile = samlDocument(
          samlKey(signer.certificate) +
            samlService('SingleSignOnService', `http://127.0.0.1:${provider.port}/sso`),
          entityId,
        )
        await service().client.send(
          new CreateIdentityProviderCommand({
            UserPoolId,
            ProviderName: corp,
            ProviderType: 'SAML',
            ProviderDetails: { MetadataFile },
          }),
        )
        const { ClientId } = await createClient(service(), UserPoolId, {
          AllowedOAuthFlowsUserPoolClient: true,
          AllowedOAuthFlows: ['code'],
          AllowedOAuthScopes: ['openid'],
          CallbackURLs: [callback],
          SupportedIdentityProviders: [corp],
        })
        place = { UserPoolId, ClientId }
      })
      after(async () => {
        await browser?.close()
        for (const running of [app, provider]) running?.server.close()
      })

      test('from the app by way of the provider to tokens', async () => {
        const { tab } = await browser.open('localhost')
        const brought: (string | undefined)[] = []
        tab.on('request', async (request) => {
          if (request.url().endsWith('/saml2/idpresponse'))
            brought.push((await request.allHeaders()).cookie?.replace(/=.*/, ''))
        })
        const query = new URLSearchParams({
          client_id: place.ClientId,
          redirect_uri: callback,
          response_type: 'code',
        })
        await tab.goto(`${service().url}/oauth2/authorize?${query}`)
        await tab.getByText('I am Ada').click()
        await tab.waitForURL(`${callback}**`)
        const response = await fetch(`${service().url}/oauth2/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'authorization_code',
            client_id: place.ClientId,
            redirect_uri: callback,
            code: new URL(tab.url()).searchParams.get('code') ?? '',
          }),
        })
        const tokens = (await response.json()) as Record<string, string>
        const { access } = await service().verified(place, {
          AccessToken: tokens.access_token,
          IdToken: tokens.id_token,
        })
        assert.equal(access.username, 'Corp_ada')
        assert.deepEqual(brought, [undefined, 'csrf-state'])
      })
    },
    ['sqlite'],
  )
})
