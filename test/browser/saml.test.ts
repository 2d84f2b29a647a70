/**
 * Sign-in at a SAML provider, in a real browser, with a server of its own in the middle. The provider is another site, whose
 * form a browser sends without our cookie over plain HTTP: the page that sends it once more is what is tried here.
 */
import assert from 'node:assert/strict'
import type { RequestListener, Server } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { CreateIdentityProviderCommand } from '@aws-sdk/client-cognito-identity-provider'
import { onEachService, type Place } from '../clients/service.ts'
import { createClient, createPool } from '../fixtures.ts'
import { giveDomain } from '../identity-provider.ts'
import { samlDocument, samlKey, samlService } from '../providers.ts'
import { corp, entityId, newSigner, requestSeen, responseOf, type Signer, signed } from '../saml-provider.ts'
import { claimsOf, listening, startApp } from './app.ts'
import { type Running, startBrowser } from './browser.ts'

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
      let app: Awaited<ReturnType<typeof startApp>>
      let provider: { server: Server; port: number }
      let place: Place
      before(async () => {
        browser = await startBrowser()
        app = await startApp()
        const signer = await newSigner()
        provider = await listening(providerOf(signer, () => place.UserPoolId))
        const UserPoolId = await createPool(service())
        await giveDomain(service(), UserPoolId)
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
          CallbackURLs: [app.callback],
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
          redirect_uri: app.callback,
          response_type: 'code',
        })
        await tab.goto(`${service().url}/oauth2/authorize?${query}`)
        await tab.getByText('I am Ada').click()
        await tab.waitForURL(`${app.callback}**`)
        const { access } = await claimsOf(service(), place, app.callback, new URL(tab.url()))
        assert.equal(access.username, 'Corp_ada')
        assert.deepEqual(brought, [undefined, 'csrf-state'])
      })
    },
    ['sqlite'],
  )
})
